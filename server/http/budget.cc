#include "server/http/budget.h"

#include <algorithm>
#include <utility>

namespace logs_server {

Budget::Budget(std::size_t max, std::string_view holder, std::shared_ptr<Budget> whole, std::string name)
    : max_(max), holder_(holder), whole_(std::move(whole)), name_(std::move(name)) {}

Budget::~Budget() {
  if (whole_) whole_->forget(name_);
}

std::shared_ptr<Budget> Budget::part(std::string_view name, std::size_t max, std::string_view holder) {
  const std::lock_guard lock(mutex_);
  auto& known = parts_[std::string(name)];
  if (auto living = known.lock()) return living;
  auto made = std::make_shared<Budget>(max, holder, shared_from_this(), std::string(name));
  known = made;
  return made;
}

// Called by a part at its end, when another of its name may have been made already.
void Budget::forget(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto known = parts_.find(name);
  if (known != parts_.end() && known->second.expired()) parts_.erase(known);
}

std::size_t Budget::part_count() const {
  const std::lock_guard lock(mutex_);
  return parts_.size();
}

const Budget* Budget::take(std::size_t amount) {
  const Budget* exhausted = nullptr;
  std::size_t used = used_;
  do {
    if (max_ - used < amount) exhausted = this;
  } while (exhausted == nullptr && !used_.compare_exchange_weak(used, used + amount));
  if (exhausted == nullptr && whole_) {
    exhausted = whole_->take(amount);
    if (exhausted != nullptr) used_ -= amount;
  }
  return exhausted;
}

void Budget::give_back(std::size_t amount) {
  used_ -= amount;
  if (whole_) whole_->give_back(amount);
}

const Budget* Budget::Share::grow_to(std::size_t size) {
  if (size <= size_) return nullptr;
  const Budget* const exhausted = budget_->take(size - size_);
  if (exhausted == nullptr) {
    size_ = size;
    return nullptr;
  }
  for (Budget* each = budget_.get(); each != nullptr; each = each->whole_.get()) ++each->refusals_;
  return exhausted;
}

std::shared_ptr<Budget> part_of_key(const std::shared_ptr<Budget>& whole, std::string_view principal,
                                    std::string_view key) {
  if (principal.empty()) return whole;
  const auto of = [&whole](std::size_t count) { return std::max<std::size_t>(whole->max() / count, 1); };
  if (key.empty()) return whole->part(principal, of(kKeysInWhole), "this reader");
  return whole->part(principal, of(kProjectsInWhole), "this project")->part(key, of(kKeysInWhole), "this key");
}

}  // namespace logs_server
