// Probes for `fixguard profile`. They are for looking, not for pushing: take them out when you have looked.
#include <chrono>
#include <cstdio>

struct Probe {
    const char* phase;
    long long bytes = 0;
    long long items = 0;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

    explicit Probe(const char* phase) : phase(phase) {}
    ~Probe() {
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::printf("::fixguard phase=\"%s\" seconds=%.6f bytes=%lld items=%lld\n", phase, took.count(), bytes, items);
        std::fflush(stdout);
    }
};

// {
//     Probe probe("gather");
//     probe.bytes = size;
//     ...
// }
