// The conformance suite: every case on every form of an adapter, over plain sockets and over TLS. An adapter's test
// instantiates it, and the page that shows the adapter:
//
//     INSTANTIATE_TEST_SUITE_P(httplib, ConformanceTest, every_case_on({server_form(), attached_form()}), case_name);
//     INSTANTIATE_TEST_SUITE_P(httplib, AdapterPageTest, ::testing::Values(httplib_description()));
//
// A case that the framework cannot do is skipped, with the reason that the adapter's description gives.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_CONFORMANCE_SUITE_H_
#define LOGS_SDK_TESTS_CONFORMANCE_CONFORMANCE_SUITE_H_

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"
#include "testing/test_certificates.h"
#include "tests/conformance/adapter_under_test.h"
#include "tests/conformance/exchange_case.h"

namespace logs_sdk::conformance {

// A platform, a spool and the library between them, and what applications are started with.
class Recording {
 public:
  // `set_up` changes the configuration that all have.
  explicit Recording(const std::function<void(Config&)>& set_up = [](Config&) {});

  Surroundings surroundings(bool tls = false);

  TemporaryFolder folder;
  PlatformSink sink;
  LogSDK logs;

 private:
  Config config(const std::function<void(Config&)>& set_up) const;

  const CertificateFiles certificate_;
};

// For tests of one adapter alone.
class Recorded : public ::testing::Test {
 protected:
  // What the application answers to `sent`, after which it closes.
  static std::string answer_of(const Application& application, const std::string& sent);
  // What the application with us and the one without us answer.
  std::pair<std::string, std::string> both(const AdapterUnderTest& adapter, const std::string& sent);

  Recording recording_;
  PlatformSink& sink_ = recording_.sink;
  LogSDK& logs_ = recording_.logs;
};

struct ConformanceRun {
  AdapterUnderTest adapter;
  bool tls;
  ExchangeCase exchange;
};
inline void PrintTo(const ConformanceRun& run, std::ostream* out) {
  *out << run.adapter.name << (run.tls ? " over TLS " : " ") << run.exchange.name;
}

// The two applications of one form, with us and without us, shared by its cases.
struct Stage {
  Stage(const AdapterUnderTest& adapter, bool tls);

  Recording recording;
  std::unique_ptr<Application> recorded, plain;
  std::size_t expected = 0;  // entries of the cases so far
};

class ConformanceTest : public ::testing::TestWithParam<ConformanceRun> {
 protected:
  // Ends the stages: nothing may have been captured beyond what the cases expected, and all of it was delivered.
  static void TearDownTestSuite();
  static Stage& stage_of(const ConformanceRun& run);

 private:
  static std::map<std::string, Stage>& stages();
};

std::vector<ConformanceRun> runs_on(const std::vector<AdapterUnderTest>& forms);
inline auto every_case_on(const std::vector<AdapterUnderTest>& forms) { return ::testing::ValuesIn(runs_on(forms)); }
std::string case_name(const ::testing::TestParamInfo<ConformanceRun>& info);

// Fails the test for everything in which `entry` is not what was expected.
void expect_entry(const PlatformSink::Json& entry, const Expectation& expected);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_CONFORMANCE_SUITE_H_
