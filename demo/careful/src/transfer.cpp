#include "transfer.h"

#include <chrono>

namespace {

constexpr auto kTransferTimeout = std::chrono::seconds(30);
constexpr auto kLargeTransferTimeout = std::chrono::seconds(300);
constexpr std::size_t kLargeTransfer = 64 << 20;

}  // namespace

Status Transfer::send(const Buffer& buffer) {
  queue_.push(buffer);
  if (buffer.size() > kLargeTransfer) {
    return device_.write(queue_, kLargeTransferTimeout);
  }
  return device_.write(queue_, kTransferTimeout);
}
