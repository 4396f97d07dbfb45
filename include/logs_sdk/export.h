// Symbol visibility and the version of the library. Every public header includes this one; applications need not.
#ifndef LOGS_SDK_EXPORT_H_
#define LOGS_SDK_EXPORT_H_

#if defined(_WIN32)
#error "logs-sdk supports POSIX systems only"
#endif

// Everything else in the library is hidden, so that two copies of it in one process share no state.
#define LOGS_SDK_EXPORT __attribute__((visibility("default")))

#define LOGS_SDK_VERSION_MAJOR 1
#define LOGS_SDK_VERSION_MINOR 0
#define LOGS_SDK_VERSION_PATCH 0

namespace logs_sdk {
inline namespace v1 {
inline constexpr char kVersion[] = "1.0.0";
}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_EXPORT_H_
