#include "src/sdk/build_commit.h"

namespace logs_sdk::inline v1 {

const char kBuildCommit[] = LOGS_SDK_COMMIT;  // by the build, see CMakeLists.txt

}  // namespace logs_sdk::inline v1
