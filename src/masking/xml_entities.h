// Character references of XML and HTML: the five that XML has, and those by number.
#ifndef LOGS_SDK_MASKING_XML_ENTITIES_H_
#define LOGS_SDK_MASKING_XML_ENTITIES_H_

#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

// Appends `text` with its references resolved; what is none stays as it is, as do the names that only HTML has.
void resolve_entities(std::string_view text, std::string& out);

// Appends `text` with '&', '<', '>' and '"' as references.
void append_with_entities(std::string_view text, std::string& out);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_XML_ENTITIES_H_
