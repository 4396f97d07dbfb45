// Where cpp-httplib keeps hooks and handlers.
//
// It has one place for each hook and no way to read it, and to set an exception hook changes its answers. So that the
// application's hooks and the framework's own answers stay what they are, the places are reached by name, as an
// explicit instantiation may ([temp.spec.general]).
#ifndef LOGS_SDK_ADAPTERS_DETAIL_HTTPLIB_PLACES_H_
#define LOGS_SDK_ADAPTERS_DETAIL_HTTPLIB_PLACES_H_

#include <httplib.h>

#include <regex>
#include <string_view>
#include <utility>
#include <vector>

namespace logs_sdk {
inline namespace v1 {
namespace httplib {
namespace detail {

using Request = ::httplib::Request;
using Response = ::httplib::Response;
using Framework = ::httplib::Server;
using HandlerResponse = Framework::HandlerResponse;

// What is reached and relied on here is of 0.11. Later versions log before they write.
constexpr bool written_for(const char* version) { return std::string_view(version).substr(0, 5) == "0.11."; }
static_assert(written_for(CPPHTTPLIB_VERSION), "logs_sdk/adapters/httplib.h is written for cpp-httplib 0.11");

template <typename Place, typename Place::Type Framework::*Member>
struct Reach {
  friend typename Place::Type& at(Place, Framework& server) { return server.*Member; }
};
#define LOGS_SDK_HTTPLIB_PLACE(Place, Held, member) \
  struct Place {                                    \
    using Type = Held;                              \
    friend Type& at(Place, Framework& server);      \
  };                                                \
  template struct Reach<Place, &Framework::member>
template <typename Handler>
using Routes = std::vector<std::pair<std::regex, Handler>>;
using ReaderRoutes = Routes<Framework::HandlerWithContentReader>;
LOGS_SDK_HTTPLIB_PLACE(PreRouting, Framework::HandlerWithResponse, pre_routing_handler_);
LOGS_SDK_HTTPLIB_PLACE(PostRouting, Framework::Handler, post_routing_handler_);
LOGS_SDK_HTTPLIB_PLACE(Log, ::httplib::Logger, logger_);
LOGS_SDK_HTTPLIB_PLACE(Get, Routes<Framework::Handler>, get_handlers_);
LOGS_SDK_HTTPLIB_PLACE(Post, Routes<Framework::Handler>, post_handlers_);
LOGS_SDK_HTTPLIB_PLACE(Put, Routes<Framework::Handler>, put_handlers_);
LOGS_SDK_HTTPLIB_PLACE(Patch, Routes<Framework::Handler>, patch_handlers_);
LOGS_SDK_HTTPLIB_PLACE(Delete, Routes<Framework::Handler>, delete_handlers_);
LOGS_SDK_HTTPLIB_PLACE(Options, Routes<Framework::Handler>, options_handlers_);
LOGS_SDK_HTTPLIB_PLACE(PostReader, ReaderRoutes, post_handlers_for_content_reader_);
LOGS_SDK_HTTPLIB_PLACE(PutReader, ReaderRoutes, put_handlers_for_content_reader_);
LOGS_SDK_HTTPLIB_PLACE(PatchReader, ReaderRoutes, patch_handlers_for_content_reader_);
LOGS_SDK_HTTPLIB_PLACE(DeleteReader, ReaderRoutes, delete_handlers_for_content_reader_);
#undef LOGS_SDK_HTTPLIB_PLACE

}  // namespace detail
}  // namespace httplib
}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_ADAPTERS_DETAIL_HTTPLIB_PLACES_H_
