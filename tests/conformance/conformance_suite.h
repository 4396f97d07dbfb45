// The conformance suite: every case on every adapter. An adapter's test instantiates it:
//
//     INSTANTIATE_TEST_SUITE_P(httplib, ConformanceTest, every_case_on({server_form(), attached_form()}), case_name);
#ifndef LOGS_SDK_TESTS_CONFORMANCE_CONFORMANCE_SUITE_H_
#define LOGS_SDK_TESTS_CONFORMANCE_CONFORMANCE_SUITE_H_

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"
#include "tests/conformance/adapter_under_test.h"
#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {

struct ConformanceRun {
  AdapterUnderTest adapter;
  ExchangeCase exchange;
};
inline void PrintTo(const ConformanceRun& run, std::ostream* out) {
  *out << run.adapter.name << " " << run.exchange.name;
}

// A platform, a spool and the library between them, for one test.
class Recorded : public ::testing::Test {
 protected:
  Config config() const;

  TemporaryFolder folder_;
  PlatformSink sink_;
  LogSDK logs_{config()};
};

class ConformanceTest : public Recorded, public ::testing::WithParamInterface<ConformanceRun> {};

inline auto every_case_on(const std::vector<AdapterUnderTest>& adapters) {
  std::vector<ConformanceRun> runs;
  for (const AdapterUnderTest& adapter : adapters) {
    for (const ExchangeCase& exchange : exchange_cases()) runs.push_back({adapter, exchange});
  }
  return ::testing::ValuesIn(runs);
}

inline std::string case_name(const ::testing::TestParamInfo<ConformanceRun>& info) {
  return info.param.adapter.name + "_" + info.param.exchange.name;
}

// Fails the test for everything in which `entry` is not what was expected.
void expect_entry(const PlatformSink::Json& entry, const ExpectedEntry& expected);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_CONFORMANCE_SUITE_H_
