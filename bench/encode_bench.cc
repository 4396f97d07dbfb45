// Encode: a filled EntryView to the bytes that will travel, against RapidJSON's Writer on the same fields.
//
// Both get the headers as pairs and have to make JSON within JSON of them. The outputs are compared byte for byte
// first. The two alternate in short rounds, so that what else the machine does meets both; the figure is the median of
// the rounds' ratios.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdio>
#include <string>
#include <vector>

#include "bench/figure.h"
#include "src/entry/entry_encoder.h"
#include "testing/sample_entries.h"

namespace {

using logs_sdk::EntryView;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

// The same entry in RapidJSON's idiom; its buffers are kept between entries as ours is.
class Peer {
 public:
  explicit Peer(logs_sdk::ProcessIdentity identity) : identity_(std::move(identity)) {}

  std::string_view encode(const EntryView& entry) {
    buffer_.Clear();
    writer_.Reset(buffer_);
    writer_.StartObject();
    write_request(entry);
    write_client(entry);
    write_trace_and_error(entry);
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  void text(std::string_view name, std::string_view value) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void number(std::string_view name, std::int64_t value) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    writer_.Int64(value);
  }
  void headers(std::string_view name, std::span<const logs_sdk::HeaderView> pairs) {
    inner_buffer_.Clear();
    inner_.Reset(inner_buffer_);
    inner_.StartObject();
    for (const logs_sdk::HeaderView& pair : pairs) {
      inner_.Key(pair.name.data(), static_cast<rapidjson::SizeType>(pair.name.size()));
      inner_.String(pair.value.data(), static_cast<rapidjson::SizeType>(pair.value.size()));
    }
    inner_.EndObject();
    text(name, {inner_buffer_.GetString(), inner_buffer_.GetSize()});
  }

  void write_request(const EntryView& entry) {
    text("uuid", entry.uuid);
    number("uid", static_cast<std::int64_t>(entry.uid));
    text("timestamp", entry.timestamp);
    number("duration_ms", entry.duration_ms);
    text("project_slug", identity_.project_slug);
    text("environment", identity_.environment);
    text("service_name", identity_.service_name);
    text("host", identity_.host);
    text("process_id", identity_.process_id);
    text("method", entry.method);
    text("scheme", entry.scheme);
    text("host_header", entry.host_header);
    text("path", entry.path);
    text("query_string", entry.query_string);
    text("full_url", entry.full_url);
    text("origin", entry.origin);
    headers("request_headers", entry.request_headers.pairs);
    headers("response_headers", entry.response_headers.pairs);
    text("request_body", entry.request_body.text);
    text("response_body", entry.response_body.text);
    number("request_body_size", static_cast<std::int64_t>(entry.request_body_size));
    number("response_body_size", static_cast<std::int64_t>(entry.response_body_size));
    text("content_type", entry.content_type);
    number("status_code", entry.status_code);
  }

  void write_client(const EntryView& entry) {
    text("client_ip", entry.client_ip);
    text("client_ip_chain", entry.client_ip_chain);
    text("client_type", entry.client_type);
    number("client_port", entry.client_port);
    text("client_country", entry.client_country);
    text("client_province", entry.client_province);
    text("client_city", entry.client_city);
    text("client_isp", entry.client_isp);
    text("user_agent", entry.user_agent);
    text("referer", entry.referer);
    text("device_type", entry.device_type);
    text("browser", entry.browser);
    text("browser_version", entry.browser_version);
    text("os_name", entry.os_name);
    text("os_version", entry.os_version);
    text("tls_version", entry.tls_version);
    text("tls_cipher", entry.tls_cipher);
    text("proto", entry.proto);
    text("api_version", entry.api_version);
    number("upstream_status", entry.upstream_status);
    text("latency_breakdown", entry.latency_breakdown);
  }

  void write_trace_and_error(const EntryView& entry) {
    text("request_id", entry.request_id);
    text("trace_id", entry.trace_id);
    text("span_id", entry.span_id);
    text("parent_span_id", entry.parent_span_id);
    text("user_id", entry.user_id);
    text("session_id", entry.session_id);
    writer_.Key("is_error");
    writer_.Bool(entry.is_error);
    text("error_type", entry.error_type);
    text("error_message", entry.error_message);
    text("error_stack", entry.error_stack);
    text("panic_location", entry.panic_location);
    writer_.Key("tags");
    writer_.StartObject();
    writer_.EndObject();
  }

  const logs_sdk::ProcessIdentity identity_;
  rapidjson::StringBuffer buffer_, inner_buffer_;
  Writer writer_{buffer_}, inner_{inner_buffer_};
};

// CPU per entry of one pass over all of them.
template <typename Encode>
double pass_ns(std::span<const EntryView> entries, Encode encode) {
  const double start = bench::thread_cpu_ns();
  std::size_t bytes = 0;
  for (const EntryView& entry : entries) bytes += encode(entry);
  const double spent = bench::thread_cpu_ns() - start;
  if (bytes == 0) std::abort();
  return spent / static_cast<double>(entries.size());
}

}  // namespace

int main() {
  const logs_sdk::SampleEntries samples;
  const std::span<const EntryView> entries = samples.views();
  const logs_sdk::EntryEncoder encoder({}, logs_sdk::SampleEntries::identity());
  Peer peer(logs_sdk::SampleEntries::identity());
  logs_sdk::ByteBuffer buffer;

  std::size_t total = 0, least = SIZE_MAX, most = 0;
  for (const EntryView& entry : entries) {
    encoder.encode(entry, buffer);
    if (buffer.view() != peer.encode(entry)) {
      std::fprintf(stderr, "encode_bench: the outputs differ\nours: %s\npeer: %s\n", std::string(buffer.view()).c_str(),
                   std::string(peer.encode(entry)).c_str());
      return 1;
    }
    total += buffer.view().size();
    least = std::min(least, buffer.view().size());
    most = std::max(most, buffer.view().size());
  }

  constexpr int kRounds = 301, kWarmUp = 20;
  std::vector<double> ours, theirs, ratios;
  for (int round = -kWarmUp; round < kRounds; ++round) {
    const double our_ns = pass_ns(entries, [&](const EntryView& entry) {
      encoder.encode(entry, buffer);
      return buffer.view().size();
    });
    const double their_ns = pass_ns(entries, [&](const EntryView& entry) { return peer.encode(entry).size(); });
    if (round < 0) continue;
    ours.push_back(our_ns);
    theirs.push_back(their_ns);
    ratios.push_back(our_ns / their_ns);
  }

  char detail[160];
  std::snprintf(detail, sizeof detail, "medians: ours %.0f ns, RapidJSON %.0f ns; entry %zu B (%zu to %zu)",
                bench::median(ours), bench::median(theirs), total / entries.size(), least, most);
  bench::print_figure("encode / RapidJSON Writer", bench::median(ratios), 0.33, "ratio", detail);
  bench::print_figure("encode, absolute", bench::median(ours), 0, "ns/entry", "CPU of the calling thread");
  return 0;
}
