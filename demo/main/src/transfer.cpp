#include "transfer.h"

#include <chrono>

namespace {

constexpr auto kTransferTimeout = std::chrono::seconds(30);

}  // namespace

Status Transfer::send(const Buffer& buffer) {
  queue_.push(buffer);
  return device_.write(queue_, kTransferTimeout);
}
