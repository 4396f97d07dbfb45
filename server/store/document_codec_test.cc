#include "server/store/document_codec.h"

#include <string>

#include "gtest/gtest.h"

namespace logs_server {
namespace {

std::string packed(std::string_view document) {
  DocumentPacker packer;
  std::string bytes;
  EXPECT_TRUE(packer.pack(document, bytes));
  return bytes;
}

TEST(DocumentCodec, what_was_packed_comes_out_again) {
  DocumentUnpacker unpacker;
  for (const std::string& document :
       {std::string(), std::string("{}"), std::string(100'000, 'x'), std::string(3, '\0')}) {
    std::string unpacked = "left from before";
    EXPECT_TRUE(unpacker.unpack(packed(document), unpacked));
    EXPECT_EQ(unpacked, document);
  }
}

TEST(DocumentCodec, every_cut_and_every_changed_byte_is_noticed_or_harmless) {
  const std::string document =
      R"({"uuid":"00000000000000000000000000000000","uid":0,"path":"/orders/1","path":"/orders/2"})";
  const std::string whole = packed(document);
  DocumentUnpacker unpacker;
  std::string unpacked;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(unpacker.unpack(whole.substr(0, size), unpacked)) << size;
    EXPECT_EQ(unpacked, "");
  }
  for (std::size_t i = 0; i < whole.size() * 8; ++i) {
    std::string changed = whole;
    changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
    // A frame header has bits that mean nothing; with one of them changed the document is still itself.
    EXPECT_TRUE(!unpacker.unpack(changed, unpacked) || unpacked == document) << "bit " << i;
  }
}

TEST(DocumentCodec, a_frame_that_promises_too_much_is_refused) {
  // Frame header of RFC 8878 3.1.1.1: single segment, eight-byte content size of 2^40.
  const std::string forged("\x28\xB5\x2F\xFD\xE0\0\0\0\0\0\x01\0\0", 13);
  DocumentUnpacker unpacker;
  std::string unpacked;
  EXPECT_FALSE(unpacker.unpack(forged, unpacked));
}

}  // namespace
}  // namespace logs_server
