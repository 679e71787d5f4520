from client.upload import upload


def test_large_upload(device):
    assert upload(device, bytes(1 << 30)) != 0
