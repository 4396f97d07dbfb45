// What of an entry has to be that of its golden file, and what only the moment can tell.
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "src/base/hex.h"
#include "testing/file_bytes.h"
#include "tests/conformance/golden_suite.h"

namespace logs_sdk::conformance {
namespace {

using Json = nlohmann::json;

// What frameworks add to every answer.
constexpr const char* kFrameworkHeaders[] = {"connection", "content-length",    "date",
                                             "keep-alive", "transfer-encoding", "accept-ranges"};

std::string percent_decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text.substr(i + 1, 2))) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// The entry of the file, made to what this adapter can see, and this moment.
class Expected {
 public:
  Expected(const golden::Exchange& exchange, const AdapterDescription& adapter, const Json& actual)
      : fields_(Json::parse(file_bytes(golden::entry_file(exchange)))), adapter_(adapter), actual_(actual) {}

  const Json& fields() const { return fields_; }

  // Each moment has its own: their form is asserted by expect_entry().
  void take_moment() {
    const std::string uuid = fields_["uuid"];
    if (fields_["trace_id"] == uuid) fields_["trace_id"] = actual_.at("uuid");
    const std::string last_digits = actual_.at("uuid").get<std::string>().substr(24);
    if (fields_["request_id"] == uuid.substr(24)) fields_["request_id"] = last_digits;
    for (const char* name : {"uuid", "timestamp", "duration_ms", "span_id", "latency_breakdown"}) take(name);
  }

  void take_process(const LogSDK& logs, std::uint16_t port) {
    fields_["host"] = logs.hostname();
    fields_["process_id"] = std::to_string(::getpid());
    fields_["client_port"] = sees(Sight::kClientPort) ? port : 0;
    if (!sees(Sight::kTls)) fields_["tls_version"] = fields_["tls_cipher"] = "";
  }

  void take_request() {
    if (!sees(Sight::kHeaderOrder)) fields_["request_headers"] = sorted(fields_["request_headers"]);
    if (!sees(Sight::kRawHeaderValues)) {
      for (const char* name : {"request_headers", "referer", "origin"}) {
        fields_[name] = percent_decoded(fields_[name]);
      }
    }
    const Json headers = Json::parse(fields_["request_headers"].get<std::string>());
    if (headers.contains("content-encoding") && !sees(Sight::kEncodedRequestSize)) take("request_body_size");
    if (headers.value("content-type", "").starts_with("multipart/") && !sees(Sight::kMultipartBody)) {
      fields_["request_body"] = "";
    }
  }

  // Beside what the handler says, a response has headers of the framework's, and what it answers to an exception is its
  // own.
  void take_response(bool thrown) {
    Json made = Json::parse(actual_.at("response_headers").get<std::string>());
    Json expected = Json::parse(fields_["response_headers"].get<std::string>());
    for (const char* name : kFrameworkHeaders) made.erase(name), expected.erase(name);
    take("response_headers");
    if (thrown) {
      take("response_body");
      take("response_body_size");
    } else {
      EXPECT_EQ(made, expected);
    }
  }

 private:
  bool sees(Sight sight) const { return !adapter_.unseen.contains(sight); }
  void take(const char* name) { fields_[name] = actual_.at(name); }
  static std::string sorted(const std::string& headers) {
    return Json::parse(headers).dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  Json fields_;
  const AdapterDescription& adapter_;
  const Json& actual_;
};

// Only what was measured, and what that may be.
void expect_breakdown(const Json& entry) {
  const Json parts = Json::parse(entry.at("latency_breakdown").get<std::string>());
  EXPECT_TRUE(parts.contains("total_us"));
  for (const auto& [name, us] : parts.items()) {
    EXPECT_GE(us.get<std::int64_t>(), 0) << name;
    EXPECT_LE(us.get<std::int64_t>(), parts.at("total_us").get<std::int64_t>()) << name;
  }
}

}  // namespace

void expect_golden(const Json& entry, const golden::Exchange& exchange, const AdapterDescription& adapter,
                   const LogSDK& logs, std::uint16_t port) {
  SCOPED_TRACE(entry.dump(1));
  expect_entry(entry, {});
  expect_breakdown(entry);
  Expected expected(exchange, adapter, entry);
  expected.take_moment();
  expected.take_process(logs, port);
  expected.take_request();
  expected.take_response(exchange.handler.throws());
  for (const auto& [name, value] : expected.fields().items()) EXPECT_EQ(entry.at(name), value) << name;
}

}  // namespace logs_sdk::conformance
