#include "src/capture/forwarded_node.h"

#include <gtest/gtest.h>

#include <string>

namespace logs_sdk {
namespace {

// The address, or a word for what else it is.
std::string shown(const ForwardedNode& node) {
  char out[IpAddress::kMaxTextBytes];
  switch (node.kind) {
    case ForwardedNode::Kind::kAddress:
      return std::string(node.address.text(out));
    case ForwardedNode::Kind::kUnixSocket:
      return "unix";
    case ForwardedNode::Kind::kObfuscated:
      return "obfuscated";
    case ForwardedNode::Kind::kMalformed:
      return "malformed";
  }
  return "";
}

TEST(ForwardedNode, is_told_by_its_text) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"192.0.2.1:80", "192.0.2.1"},
      {"192.0.2.1:0", "192.0.2.1"},
      {"192.0.2.1:65535", "192.0.2.1"},
      {"192.0.2.1:_port", "192.0.2.1"},
      {"2001:db8::1", "2001:db8::1"},
      {"2001:DB8:0::1", "2001:db8::1"},
      {"[2001:db8::1]", "2001:db8::1"},
      {"[2001:db8::1]:443", "2001:db8::1"},
      {"[2001:db8::1]:_p.-a", "2001:db8::1"},
      {"[::ffff:192.0.2.1]:80", "192.0.2.1"},
      {"::ffff:c000:201", "192.0.2.1"},
      {"fe80::1%eth0", "fe80::1"},
      {"[fe80::1%25eth0]:80", "fe80::1"},
      {"[fe80::1%eth0:1]", "fe80::1"},
      // A port without brackets cannot be told from the address.
      {"2001:db8::1:443", "2001:db8::1:443"},
      {"::ffff:099:80", "0.153.0.128"},
      {"unix", "unix"},
      {"unix:", "unix"},
      {"unix:/run/app.sock", "unix"},
      {"unknown", "obfuscated"},
      {"Unknown", "obfuscated"},
      {"unknown:80", "obfuscated"},
      {"_hidden", "obfuscated"},
      {"_SEVKISEK", "obfuscated"},
      {"_a.b-c_d:_e", "obfuscated"},
      {"", "malformed"},
      {"_", "malformed"},
      {"_a b", "malformed"},
      {"_a/b", "malformed"},
      {"hidden", "malformed"},
      {"unknown:", "malformed"},
      {"unknown:x", "malformed"},
      {"unixes", "malformed"},
      {"192.0.2.1:", "malformed"},
      {"192.0.2.1:x", "malformed"},
      {"192.0.2.1:123456", "malformed"},
      {"192.0.2.1:-1", "malformed"},
      {"192.0.2.1:80:80", "malformed"},
      {"999.0.2.1", "malformed"},
      {"2001:db8:1:2:3:4:5:6:443", "malformed"},
      {"[", "malformed"},
      {"[]", "malformed"},
      {"[]:80", "malformed"},
      {"[2001:db8::1", "malformed"},
      {"2001:db8::1]", "malformed"},
      {"[2001:db8::1]80", "malformed"},
      {"[2001:db8::1]:", "malformed"},
      {"[2001:db8::1]:80x", "malformed"},
      {"[192.0.2.1]", "malformed"},
      {"[unknown]", "malformed"},
      {"\"192.0.2.1\"", "malformed"},
      {"192.0.2.1 10.0.0.1", "malformed"},
  };
  for (const auto& [text, node] : cases) EXPECT_EQ(shown(parse_node(text)), node) << text;
}

TEST(ForwardedElement, names_its_node_in_any_order_case_and_quotation) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"for=192.0.2.1", "192.0.2.1"},
      {"FOR=192.0.2.1;proto=http;by=203.0.113.43", "192.0.2.1"},
      {"proto=http;by=203.0.113.43;For=192.0.2.1", "192.0.2.1"},
      {"proto=http ; for=192.0.2.1 ;by=x", "192.0.2.1"},
      {";;for=192.0.2.1;", "192.0.2.1"},
      {"for=\"192.0.2.1:80\"", "192.0.2.1"},
      {"for=192.0.2.1:80", "192.0.2.1"},  // a quotation is asked for, and often left out
      {"for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"},
      {"for=[2001:db8::1]:80", "2001:db8::1"},
      {"for=\"\\1\\9\\2.0.2.1\"", "192.0.2.1"},
      {"for=\"[2001:db8::1]\";ext=\"a;for=6.6.6.6,b\"", "2001:db8::1"},
      {"ext=\"\\\";for=6.6.6.6;\\\"\";for=192.0.2.1", "192.0.2.1"},
      {"ext=\"\\\\\";for=192.0.2.1", "192.0.2.1"},
      {"ext=\"\";for=192.0.2.1", "192.0.2.1"},
      {"for=_hidden", "obfuscated"},
      {"for=\"_gazonk\"", "obfuscated"},
      {"for=unknown;proto=https", "obfuscated"},
      {"proto=https;by=10.0.0.1", "obfuscated"},  // for whom is not said
      {"before=192.0.2.1", "obfuscated"},
      {"for=\"\"", "malformed"},
      {"for=", "malformed"},
      {"for", "malformed"},
      {"for=;proto=http", "malformed"},
      {"192.0.2.1", "malformed"},
      {"=192.0.2.1", "malformed"},
      {"for =192.0.2.1", "malformed"},
      {"for= 192.0.2.1", "malformed"},
      {"for=192.0.2.1 proto=http", "malformed"},
      {"for=192.0.2.1;for=192.0.2.2", "malformed"},
      {"for=192.0.2.1;proto", "malformed"},
      {"for=\"192.0.2.1", "malformed"},
      {"for=\"192.0.2.1\\", "malformed"},
      {"for=\"192.0.2.1\\\"", "malformed"},
      {"for=\"192.0.2.1\"x", "malformed"},
      {"for=192.0.2.1\"", "malformed"},
      // A client opened a quotation, which a proxy's element ends.
      {"for=6.6.6.6;x=\", for=\"[2001:db8::1]\"", "malformed"},
  };
  for (const auto& [text, node] : cases) EXPECT_EQ(shown(parse_forwarded_element(text)), node) << text;
  const std::string long_name = "for=\"_" + std::string(500, 'a') + "\"";
  EXPECT_EQ(shown(parse_forwarded_element(long_name)), "obfuscated");
  EXPECT_EQ(shown(parse_forwarded_element("for=\"\\_" + std::string(500, 'a') + "\"")), "malformed");
}

}  // namespace
}  // namespace logs_sdk
