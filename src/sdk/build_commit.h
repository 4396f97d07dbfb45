// The commit that this library was built from, or "local-dev": the value of X-SDK-Hash.
#ifndef LOGS_SDK_SDK_BUILD_COMMIT_H_
#define LOGS_SDK_SDK_BUILD_COMMIT_H_

namespace logs_sdk::inline v1 {

extern const char kBuildCommit[];

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_BUILD_COMMIT_H_
