// Text of any kind through every entrance of the masker. What is known of the result: a secret that stands whole in a
// named place never comes out, masking again changes nothing, JSON stays JSON, and the result is not much longer.
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "src/json/json_checker.h"
#include "src/json/json_text.h"
#include "src/json/utf8.h"
#include "src/masking/masker.h"
#include "src/masking/percent.h"
#include "src/masking/xml_entities.h"

namespace {

using logs_sdk::Extent;
using logs_sdk::Masker;

// Digits and letters only: no form of text can end such a value early.
std::string word_of(std::string_view text) {
  std::string word;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) word += c;
  return word;
}

void expect_hidden(const std::string& masked, const std::string& secret) {
  if (masked.find(secret) != std::string::npos) std::abort();
}

const char* const kTypes[] = {"application/json",
                              "application/x-www-form-urlencoded",
                              "multipart/form-data; boundary=b",
                              "application/xml",
                              "text/html",
                              "application/graphql",
                              "text/plain",
                              "application/octet-stream",
                              ""};

std::string json_string(std::string_view text) {
  std::string repaired, out;
  logs_sdk::append_repaired(text, repaired);
  logs_sdk::append_json_string(repaired, out);
  return out;
}

std::string form_value(std::string_view text) {
  std::string out;
  logs_sdk::percent_encode(text, out);
  return out;
}

std::string xml_text(std::string_view text) {
  std::string out;
  logs_sdk::append_with_entities(text, out);
  return out;
}

// `text` under a type that its length chooses: senders lie, and proxies forget.
void expect_hidden_body(const Masker& masker, const std::string& text, const std::string& secret) {
  const char* type = kTypes[text.size() % std::size(kTypes)];
  for (const Extent extent : {Extent::kWhole, Extent::kCut}) {
    std::string out;
    masker.body(type, text, extent, out);
    expect_hidden(out, secret);
  }
}

// The secret in a named place of a body of each kind; `hostile` in another place, encoded as that kind has it.
void check_bodies(const Masker& masker, std::string_view hostile, const std::string& secret) {
  const std::string json = json_string(hostile), form = form_value(hostile), xml = xml_text(hostile);
  const std::string object = "{\"a\":" + json + ",\"password\":\"" + secret + "\",\"b\":" + json + "}";
  expect_hidden_body(masker, object, secret);
  expect_hidden_body(masker, "[1," + object + "," + object, secret);
  expect_hidden_body(masker, "{\"data\":" + json_string(object) + ",\"a\":" + json + "}", secret);
  expect_hidden_body(masker, "{\"secret\":[" + json + ",\"" + secret + "\"]}", secret);
  expect_hidden_body(masker, "{\"password\":\"" + secret + "\"," + std::string(hostile), secret);
  expect_hidden_body(masker, "a=" + form + "&password=" + secret + "&b=" + form, secret);
  expect_hidden_body(masker, "data=" + form_value("{\"password\":\"" + secret + "\"}") + "&b=" + form, secret);
  expect_hidden_body(masker, "<a b=\"" + xml + "\">" + xml + "<password>" + secret + "</password></a>", secret);
  expect_hidden_body(masker, "<a b=\"" + xml + "\" password=\"" + secret + "\">" + xml + "</a>", secret);
  expect_hidden_body(masker, "mutation { a(b: " + json + ", password: \"" + secret + "\") { c } }", secret);
  const std::string part = "--b\r\nContent-Disposition: form-data; name=";
  expect_hidden_body(masker,
                     part + "a\r\n\r\n" + form + "\r\n" + part + "\"password\"\r\n\r\n" + secret + "\r\n" + part +
                         "b\r\n\r\n" + std::string(hostile),
                     secret);
}

void check_result(const Masker& masker, std::string_view text, const char* type, Extent extent) {
  constexpr std::size_t kMaxGrowth = 12, kMaxConstant = 64;
  std::string once, twice;
  masker.body(type, text, extent, once);
  masker.body(type, once, extent, twice);
  if (once != twice || once.size() > kMaxGrowth * text.size() + kMaxConstant) std::abort();
  const bool is_json = type == kTypes[0] && extent == Extent::kWhole && !logs_sdk::first_json_error(text);
  if (is_json && logs_sdk::first_json_error(once)) std::abort();
}

// The secret stands in a named place of its own, hostile text after it.
void check_secret(const Masker& masker, std::string_view hostile) {
  const std::string secret = "s3cret" + word_of(hostile.substr(0, 16)) + "x";
  if (hostile.find(secret) != std::string_view::npos) return;  // it stands elsewhere as well, where nothing names it
  std::string out;
  masker.query("password=" + secret + "&" + std::string(hostile), out);
  expect_hidden(out, secret);
  out.clear();
  masker.header("X-Api-Key", secret, out);
  expect_hidden(out, secret);
  out.clear();
  masker.url("https://user:" + secret + "@host/p?access_token=" + secret, out);
  expect_hidden(out, secret);
  check_bodies(masker, hostile, secret);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Masker masker({"tenant*"}, {"csrf-token"});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view name = text.substr(0, size < 8 ? size : 8);
  for (const Extent extent : {Extent::kWhole, Extent::kCut}) {
    std::string out;
    masker.text(text, out, extent);
    masker.query(text, out, extent);
    check_result(masker, text, kTypes[size % std::size(kTypes)], extent);
    check_result(masker, text, kTypes[0], extent);
  }
  std::string out;
  masker.url(text, out);
  masker.header(name, text, out);
  masker.header("Cookie", text, out);
  masker.header("Referer", text, out);
  masker.value(name, text, out);
  check_secret(masker, text);
  return 0;
}
