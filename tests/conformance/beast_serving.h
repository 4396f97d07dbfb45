// Serving one connection of the sample application on Boost.Beast, by the type of its stream. A source each: what Asio
// makes of a coroutine server is compiled anew for every type of stream, and takes its time.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_BEAST_SERVING_H_
#define LOGS_SDK_TESTS_CONFORMANCE_BEAST_SERVING_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "tests/conformance/adapter_under_test.h"

namespace logs_sdk::conformance {

// Each returns when the connection has ended; `around` and `tls` outlive it.
boost::asio::awaitable<void> serve_plain(boost::asio::ip::tcp::socket socket, const Surroundings& around);
boost::asio::awaitable<void> serve_secure(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls,
                                          const Surroundings& around);
// With us: around.logs is there.
boost::asio::awaitable<void> serve_recorded(boost::asio::ip::tcp::socket socket, const Surroundings& around);
boost::asio::awaitable<void> serve_recorded_secure(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls,
                                                   const Surroundings& around);

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_BEAST_SERVING_H_
