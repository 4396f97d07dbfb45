// The golden exchanges on every form of an adapter: the request of the file over a socket, the handler does what the
// file says, and the entry is the one of the file, but for what only the moment can tell. An adapter's test
// instantiates it:
//
//     INSTANTIATE_TEST_SUITE_P(httplib, GoldenTest, every_golden_exchange_on({server_form()}), golden_name);
#ifndef LOGS_SDK_TESTS_CONFORMANCE_GOLDEN_SUITE_H_
#define LOGS_SDK_TESTS_CONFORMANCE_GOLDEN_SUITE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "testing/golden_exchange.h"
#include "tests/conformance/adapter_under_test.h"
#include "tests/conformance/conformance_suite.h"

namespace logs_sdk::conformance {

struct GoldenRun {
  AdapterUnderTest adapter;
  golden::Exchange exchange;
};
inline void PrintTo(const GoldenRun& run, std::ostream* out) { *out << run.adapter.name << " " << run.exchange.name; }

// The two applications of one form, with us and without us, for the cases of one configuration.
struct GoldenStage {
  GoldenStage(const AdapterUnderTest& adapter, const golden::Exchange& first);

  Script script;
  Recording recording;
  std::unique_ptr<Application> recorded, plain;
};

class GoldenTest : public ::testing::TestWithParam<GoldenRun> {
 protected:
  static void TearDownTestSuite() { stages().clear(); }
  static GoldenStage& stage_of(const GoldenRun& run);

 private:
  static std::map<std::string, GoldenStage>& stages();
};

// Those that a client and a server can make happen.
std::vector<GoldenRun> golden_runs_on(const std::vector<AdapterUnderTest>& forms);
inline auto every_golden_exchange_on(const std::vector<AdapterUnderTest>& forms) {
  return ::testing::ValuesIn(golden_runs_on(forms));
}
inline std::string golden_name(const ::testing::TestParamInfo<GoldenRun>& run) {
  return run.param.adapter.name + "_" + run.param.exchange.name;
}

// Fails the test for everything in which `entry`, made by `adapter` for a client on `port`, is not the one of the file.
void expect_golden(const PlatformSink::Json& entry, const golden::Exchange& exchange, const AdapterDescription& adapter,
                   const LogSDK& logs, std::uint16_t port);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_GOLDEN_SUITE_H_
