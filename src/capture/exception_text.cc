#include "src/capture/exception_text.h"

#include <cxxabi.h>

#include <cstddef>
#include <cstring>
#include <string_view>
#include <system_error>
#include <typeinfo>

#include "src/base/demangled.h"

namespace logs_sdk::inline v1 {
namespace {

// Causes are nested by hand, so a chain deeper than this is a loop or a joke.
constexpr int kMaxCauses = 8;
constexpr std::size_t kMaxWhatBytes = 8192;

std::string type_name(const std::type_info* type) { return type == nullptr ? "unknown" : demangled(type->name()); }

// std::throw_with_nested wraps what is thrown into a type of the standard library's own.
std::string without_wrapper(std::string type) {
  for (const std::string_view wrapper : {"std::_Nested_exception<", "std::__1::__nested<"}) {  // libstdc++, libc++
    if (type.starts_with(wrapper) && type.ends_with('>'))
      return type.substr(wrapper.size(), type.size() - wrapper.size() - 1);
  }
  return type;
}

// what() is the application's code: it may return null, or be absurdly long. It cannot throw: it is noexcept.
std::string what_of(const std::exception& exception) {
  const char* what = exception.what();
  return what == nullptr ? std::string() : std::string(what, ::strnlen(what, kMaxWhatBytes));
}

// Of a std::system_error also its code, which programs compare and texts translate.
std::string message_of(const std::exception& exception) {
  std::string message = what_of(exception);
  const auto* system = dynamic_cast<const std::system_error*>(&exception);
  if (system == nullptr) return message;
  message.append(message.empty() ? "(" : " (").append(system->code().category().name()).append(":");
  return message.append(std::to_string(system->code().value())).append(")");
}

std::exception_ptr cause_of(const std::exception& exception) noexcept {
  const auto* nested = dynamic_cast<const std::nested_exception*>(&exception);
  return nested == nullptr ? nullptr : nested->nested_ptr();
}

// One link of the chain; `cause` receives the next.
ExceptionText link_text(const std::exception_ptr& exception, std::exception_ptr& cause) {
  ExceptionText text;
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& e) {
    text.type = without_wrapper(type_name(&typeid(e)));
    text.message = message_of(e);
    cause = cause_of(e);
  } catch (const std::string& thrown) {
    text.type = "std::string";
    text.message = thrown.substr(0, kMaxWhatBytes);
  } catch (const char* thrown) {
    text.type = "char const*";
    if (thrown != nullptr) text.message.assign(thrown, ::strnlen(thrown, kMaxWhatBytes));
  } catch (...) {
    text.type = type_name(abi::__cxa_current_exception_type());
  }
  return text;
}

}  // namespace

ExceptionText exception_text(const std::exception_ptr& exception) {
  if (exception == nullptr) return {};
  std::exception_ptr cause;
  ExceptionText text = link_text(exception, cause);
  for (int depth = 0; cause != nullptr && depth < kMaxCauses; ++depth) {
    std::exception_ptr next;
    const ExceptionText link = link_text(cause, next);
    text.message.append(text.message.empty() ? "caused by " : "; caused by ").append(link.type);
    if (!link.message.empty()) text.message.append(": ").append(link.message);
    cause = next;
  }
  return text;
}

}  // namespace logs_sdk::inline v1
