// What an exception of the application says of itself: type, text, causes.
#ifndef LOGS_SDK_CAPTURE_EXCEPTION_TEXT_H_
#define LOGS_SDK_CAPTURE_EXCEPTION_TEXT_H_

#include <exception>
#include <string>

namespace logs_sdk::inline v1 {

struct ExceptionText {
  std::string type;     // demangled; "unknown" where the runtime does not tell
  std::string message;  // what(), of a std::system_error " (category:code)", then "; caused by <type>: <what>" for each
                        // nested exception, bounded in depth and size
};

// Empty for a null pointer. Survives a what() that returns null. Throws std::bad_alloc only.
ExceptionText exception_text(const std::exception_ptr& exception);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_EXCEPTION_TEXT_H_
