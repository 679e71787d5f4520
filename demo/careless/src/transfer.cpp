#include "transfer.h"

#include <chrono>
#include <thread>

namespace {

constexpr auto kTransferTimeout = std::chrono::seconds(300);

}  // namespace

Status Transfer::send(const Buffer& buffer) {
  queue_.push(buffer);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return device_.write(queue_, kTransferTimeout);
}
