"""Sends a payload to the device."""

TIMEOUT_S = 30


def upload(device, payload):
    print(f"DEBUG here: size={len(payload)}")
    reply = device.send(payload, timeout=TIMEOUT_S)
    if not reply.ok:
        raise RuntimeError(f"upload failed: {reply.status}")
    return reply.checksum
