// Status and Result<T>: how operations inside the library fail. Nothing here throws.
#ifndef LOGS_SDK_BASE_STATUS_H_
#define LOGS_SDK_BASE_STATUS_H_

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace logs_sdk::inline v1 {

// Each code says what the caller does next.
enum class Code {
  kOk,
  kRetry,          // a passing condition: try again later
  kInput,          // the input is wrong: fix it, do not repeat it
  kConfiguration,  // a person has to change something outside: rights, space, address
  kGiveUp,         // damaged or impossible: nothing mends it
};

// The message names the thing and the numbers: path, offset, size, errno.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}
  bool ok() const noexcept { return code_ == Code::kOk; }
  Code code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }

 private:
  Code code_ = Code::kOk;
  std::string message_;
};

// Either a value or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT: implicit on purpose, as is the next
  Result(Status status) : status_(std::move(status)) { assert(!status_.ok()); }
  bool ok() const noexcept { return value_.has_value(); }
  const Status& status() const noexcept { return status_; }
  T& value() & {
    assert(ok());
    return *value_;
  }
  const T& value() const& {
    assert(ok());
    return *value_;
  }
  T&& value() && {
    assert(ok());
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
  Status status_;
};

// "…: Permission denied (errno 13)": `what` names the operation and the thing.
Status errno_status(Code code, std::string what, int error_number);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_STATUS_H_
