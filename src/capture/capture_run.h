// CaptureRun: one pass over one exchange; each step fills a group of the entry's fields. Used by Capture alone.
#ifndef LOGS_SDK_CAPTURE_CAPTURE_RUN_H_
#define LOGS_SDK_CAPTURE_CAPTURE_RUN_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "logs_sdk/exchange.h"
#include "src/base/clock.h"
#include "src/capture/capture_scratch.h"
#include "src/capture/client_address.h"
#include "src/capture/client_type.h"
#include "src/capture/exchange_state.h"
#include "src/capture/request_target.h"
#include "src/capture/trusted_proxies.h"
#include "src/entry/entry_view.h"
#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {

class CaptureRun {
 public:
  CaptureRun(const Masker& masker, const TrustedProxies& trusted, const ExchangeState& state, CaptureScratch& scratch,
             EntryView& entry);

  void identity();           // uuid, timestamp, trace, request, user, session
  void client();             // address, chain, port, type
  void request();            // method, scheme, host, path, query, full_url, api_version, proto, tls; after client()
  void headers();            // both sides, content_type, user_agent, referer; then origin, which needs them
  void bodies(bool copied);  // both bodies and their sizes
  // status_code and everything about errors; after bodies().
  void verdict(Outcome outcome, std::size_t max_stack_bytes);
  void timings(SteadyTime end);
  void tags(Outcome outcome);
  void finish();  // the fields that were built become views

 private:
  using Slice = ExchangeState::Slice;

  std::string_view text(Slice slice) const noexcept { return state_.text(slice); }
  // A header that counts only from a trusted peer.
  std::string_view trusted_header(HeaderId id) const noexcept;
  // `text` masked by `mask(text, out)`, as a view of `text` itself where nothing was masked.
  template <typename Mask>
  void set_masked(std::string_view& field, std::string_view text, Mask mask);
  void set_masked_text(std::string_view& field, Slice slice);

  // What the proxy that named the client has written; from a trusted peer only.
  std::string_view forwarded_header(HeaderId id) const noexcept;
  void client_ip();
  void client_ip_chain();
  void urls(const RequestTarget& target, std::string_view host);
  void side(const ExchangeState::Headers& headers, std::vector<HeaderView>& pairs);
  void origin();
  void append_origin_part(HeaderId id);
  void body(const ExchangeState::Body& body, const ExchangeState::Headers& headers, std::uint64_t& size_field,
            BodyView& field, bool copied);
  // All of them, as one list; several headers are joined in `storage`.
  std::string_view content_encoding(const ExchangeState::Headers& headers, std::string& storage) const;
  void exception_message();
  void error_stack(std::size_t max_bytes);
  void tag(const ExchangeState::Tag& tag);
  // Null where the application has set a tag of that name, which stays.
  TagView* own_tag(std::string_view name);
  void own_tag(std::string_view name, std::string_view value);
  // After resolve().
  std::string_view masked_header(HeaderId id) const noexcept;

  const Masker& masker_;
  const TrustedProxies& trusted_;
  const ExchangeState& state_;
  CaptureScratch& scratch_;
  EntryView& entry_;
  const bool peer_trusted_;
  ClientAddress client_address_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_CAPTURE_RUN_H_
