# Probes for `fixguard profile`. They are for looking, not for pushing: take them out when you have looked.
import contextlib
import time


@contextlib.contextmanager
def probe(phase, **sizes):
    start = time.perf_counter()
    try:
        yield
    finally:
        seconds = time.perf_counter() - start
        words = "".join(f" {name}={size}" for name, size in sizes.items())
        print(f'::fixguard phase="{phase}" seconds={seconds:.6f}{words}', flush=True)


# with probe("setup"):
#     ...
# with probe("gather", bytes=tensor.numel() * tensor.element_size(), items=len(chunks)):
#     ...
# What is known only afterwards: print(f"::fixguard name=queue bytes={size}", flush=True)
