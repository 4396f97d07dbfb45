// What docs/adapters.md says of Boost.Beast.
#include "tests/conformance/beast_application.h"

namespace logs_sdk::conformance {

AdapterDescription beast_description() { return {.title = "Boost.Beast", .prose = "", .unseen = {}}; }

}  // namespace logs_sdk::conformance
