// Golden entries: testing/golden/entries, read as testing/golden_file.h says. The names on the left side are those of
// fields, and `request_header name`, `response_header name`, `tag name` (also tag.integer, tag.real, tag.boolean),
// `request_body.cut = true`, `limits.body = n`, `limits.stack = n`.
#include <deque>
#include <filesystem>
#include <functional>
#include <map>

#include "gtest/gtest.h"
#include "testing/entry_oracle.h"
#include "testing/golden_file.h"

namespace logs_sdk {
namespace {

std::filesystem::path folder() { return std::filesystem::path(LOGS_SDK_SOURCE_DIR) / "testing/golden/entries"; }

// An input file as the view it describes.
class GoldenCase {
 public:
  explicit GoldenCase(const std::filesystem::path& path) {
    for (const auto& [name, value] : golden::assignments(path)) set(name, texts_.emplace_back(value));
    view_.request_headers.pairs = request_headers_;
    view_.response_headers.pairs = response_headers_;
    view_.tags = tags_;
  }

  const EntryView& view() const { return view_; }
  const oracle::Context& context() const { return context_; }

 private:
  void set(const std::string& key, const std::string& value) {
    const std::size_t space = key.find(' ');
    if (space == std::string::npos) return set_field(key, value);
    const std::string kind = key.substr(0, space);
    const std::string& name = texts_.emplace_back(golden::unescaped(key.substr(space + 1)));
    if (kind == "request_header") return request_headers_.push_back({name, value});
    if (kind == "response_header") return response_headers_.push_back({name, value});
    TagView tag;
    tag.name = name;
    if (kind == "tag") tag.text = value;
    if (kind == "tag.integer") tag.kind = TagView::Kind::kInteger, tag.integer = std::stoll(value);
    if (kind == "tag.real") tag.kind = TagView::Kind::kReal, tag.real = std::stod(value);
    if (kind == "tag.boolean") tag.kind = TagView::Kind::kBoolean, tag.boolean = value == "true";
    tags_.push_back(tag);
  }

  void set_field(const std::string& name, const std::string& value) {
    EntryView& e = view_;
    const std::map<std::string, std::string_view*> texts = {{"uuid", &e.uuid},
                                                            {"timestamp", &e.timestamp},
                                                            {"project_slug", &e.project_slug},
                                                            {"environment", &e.environment},
                                                            {"service_name", &e.service_name},
                                                            {"host", &e.host},
                                                            {"process_id", &e.process_id},
                                                            {"method", &e.method},
                                                            {"scheme", &e.scheme},
                                                            {"host_header", &e.host_header},
                                                            {"path", &e.path},
                                                            {"query_string", &e.query_string},
                                                            {"full_url", &e.full_url},
                                                            {"origin", &e.origin},
                                                            {"request_headers", &e.request_headers.json_text},
                                                            {"response_headers", &e.response_headers.json_text},
                                                            {"request_body", &e.request_body.text},
                                                            {"response_body", &e.response_body.text},
                                                            {"content_type", &e.content_type},
                                                            {"client_ip", &e.client_ip},
                                                            {"client_ip_chain", &e.client_ip_chain},
                                                            {"client_type", &e.client_type},
                                                            {"client_country", &e.client_country},
                                                            {"client_province", &e.client_province},
                                                            {"client_city", &e.client_city},
                                                            {"client_isp", &e.client_isp},
                                                            {"user_agent", &e.user_agent},
                                                            {"referer", &e.referer},
                                                            {"device_type", &e.device_type},
                                                            {"browser", &e.browser},
                                                            {"browser_version", &e.browser_version},
                                                            {"os_name", &e.os_name},
                                                            {"os_version", &e.os_version},
                                                            {"tls_version", &e.tls_version},
                                                            {"tls_cipher", &e.tls_cipher},
                                                            {"proto", &e.proto},
                                                            {"api_version", &e.api_version},
                                                            {"latency_breakdown", &e.latency_breakdown},
                                                            {"request_id", &e.request_id},
                                                            {"trace_id", &e.trace_id},
                                                            {"span_id", &e.span_id},
                                                            {"parent_span_id", &e.parent_span_id},
                                                            {"user_id", &e.user_id},
                                                            {"session_id", &e.session_id},
                                                            {"error_type", &e.error_type},
                                                            {"error_message", &e.error_message},
                                                            {"error_stack", &e.error_stack},
                                                            {"panic_location", &e.panic_location}};
    const std::map<std::string, std::function<void()>> others = {
        {"uid", [&] { e.uid = std::stoull(value); }},
        {"duration_ms", [&] { e.duration_ms = std::stoll(value); }},
        {"request_body_size", [&] { e.request_body_size = std::stoull(value); }},
        {"response_body_size", [&] { e.response_body_size = std::stoull(value); }},
        {"status_code", [&] { e.status_code = std::stoll(value); }},
        {"client_port", [&] { e.client_port = std::stoll(value); }},
        {"upstream_status", [&] { e.upstream_status = std::stoll(value); }},
        {"is_error", [&] { e.is_error = value == "true"; }},
        {"request_body.cut", [&] { e.request_body.cut = value == "true"; }},
        {"response_body.cut", [&] { e.response_body.cut = value == "true"; }},
        {"limits.body", [&] { context_.limits.max_body_bytes = std::stoull(value); }},
        {"limits.stack", [&] { context_.limits.max_stack_bytes = std::stoull(value); }}};
    if (const auto text = texts.find(name); text != texts.end()) {
      *text->second = value;
    } else {
      others.at(name)();
    }
  }

  std::deque<std::string> texts_;
  std::vector<HeaderView> request_headers_, response_headers_;
  std::vector<TagView> tags_;
  EntryView view_;
  oracle::Context context_{{}, {"web-shop", "production", "orders", "node-1", "4711"}};
};

class GoldenEntry : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Cases, GoldenEntry, ::testing::ValuesIn(golden::case_names(folder())),
                         [](const auto& case_info) { return case_info.param; });

TEST_P(GoldenEntry, is_encoded_to_the_exact_line_and_read_back_by_two_parsers) {
  const GoldenCase golden(folder() / (GetParam() + ".txt"));
  std::string line;
  EntryEncoder(golden.context().limits, golden.context().identity).encode(golden.view(), line);
  EXPECT_EQ(line + "\n", golden::expected_line(folder() / (GetParam() + ".json"), line));
  oracle::check_entry(line, golden.view(), golden.context());
}

TEST(GoldenEntries, are_at_least_twenty_and_none_is_without_its_line) {
  EXPECT_GE(golden::case_names(folder()).size(), 20u);
  for (const std::string& name : golden::case_names(folder()))
    EXPECT_TRUE(std::filesystem::exists(folder() / (name + ".json"))) << name;
}

}  // namespace
}  // namespace logs_sdk
