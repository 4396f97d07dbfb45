// The sample application as a coroutine server with Boost.Beast.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_BEAST_APPLICATION_H_
#define LOGS_SDK_TESTS_CONFORMANCE_BEAST_APPLICATION_H_

#include "tests/conformance/adapter_under_test.h"

namespace logs_sdk::conformance {

AdapterUnderTest beast_form();
AdapterDescription beast_description();

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_BEAST_APPLICATION_H_
