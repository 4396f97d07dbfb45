// The conformance suite on Boost.Beast, and what is special to this library.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/adapter_page.h"
#include "tests/conformance/beast_application.h"
#include "tests/conformance/conformance_suite.h"

namespace logs_sdk::conformance {
namespace {

INSTANTIATE_TEST_SUITE_P(beast, ConformanceTest, every_case_on({beast_form()}), case_name);

}  // namespace
}  // namespace logs_sdk::conformance
