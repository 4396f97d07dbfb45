// The name of a type or function as the source has it.
#ifndef LOGS_SDK_BASE_DEMANGLED_H_
#define LOGS_SDK_BASE_DEMANGLED_H_

#include <string>

namespace logs_sdk::inline v1 {

// `name` itself where it is not mangled.
std::string demangled(const char* name);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_DEMANGLED_H_
