'use strict';
// Leads a Node program's look-ups of Sinch's hosts to the simulator, whatever library makes them.
// Node loads it before the program (NODE_OPTIONS --require), in worker threads too. Its settings are in the file beside it.

const dns = require('dns');
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');

const settings = JSON.parse(fs.readFileSync(path.join(__dirname, 'settings.json'), 'utf8'));
const authority = fs.readFileSync(settings.authority, 'utf8');
const [proxyHost, proxyPort] = settings.proxy;
const markers = [settings.marker, `::ffff:${settings.marker}`];

function isSinch(host) {
  if (typeof host !== 'string') return false;
  const name = host.replace(/\.+$/, '').toLowerCase();
  return settings.domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

function isLoopback(host) {
  return /^(127\.|::1$|::ffff:127\.|localhost$)/i.test(host) || /\.localhost$/i.test(host);
}

// Names: dns.lookup and its kin answer with the marker.
const lookup = dns.lookup;
dns.lookup = function (host, options, callback) {
  if (!isSinch(host)) return lookup.apply(this, arguments);
  const wanted = typeof options === 'function' || options == null ? {} : typeof options === 'object' ? options : { family: options };
  const done = typeof options === 'function' ? options : callback;
  const six = wanted.family === 6 || wanted.family === 'IPv6';
  const found = { address: six ? markers[1] : markers[0], family: six ? 6 : 4 };
  process.nextTick(() => (wanted.all ? done(null, [found]) : done(null, found.address, found.family)));
  return {};
};
const promised = dns.promises.lookup;
dns.promises.lookup = function (host, options) {
  if (!isSinch(host)) return promised.apply(this, arguments);
  return new Promise((resolve, reject) => {
    const all = options !== null && typeof options === 'object' && options.all;
    dns.lookup(host, options ?? {}, (error, address, family) => {
      if (error) reject(error);
      else resolve(all ? address : { address, family });
    });
  });
};
for (const holder of [dns, dns.Resolver.prototype]) {
  const { resolve4 } = holder;
  holder.resolve4 = function (host, ...rest) {
    if (!isSinch(host)) return resolve4.call(this, host, ...rest);
    process.nextTick(rest[rest.length - 1], null, [settings.marker]);
    return {};
  };
}
for (const holder of [dns.promises, dns.promises.Resolver.prototype]) {
  const { resolve4 } = holder;
  holder.resolve4 = function (host, ...rest) {
    return isSinch(host) ? Promise.resolve([settings.marker]) : resolve4.call(this, host, ...rest);
  };
}

// Connections: net, tls, http, https, fetch and undici all end here.
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  // net.connect hands over its arguments in an array that it has put in order; others call as the documentation has it.
  const inOrder = Array.isArray(given[0]);
  const wanted = inOrder ? given[0] : given;
  const options = toOptions(wanted);
  if (options === null || options.path) return connect.apply(this, given);
  const host = options.host || 'localhost';
  if (isSinch(host) || markers.includes(host)) {
    const led = { ...options, host: proxyHost, port: proxyPort, family: 4, lookup: undefined };
    const callback = wanted.find((each) => typeof each === 'function');
    return callback ? connect.call(this, led, callback) : connect.call(this, led);
  }
  if (settings.strict && !isLoopback(host)) {
    const error = new Error(`sinch-simulator exec --strict: ${host} is not this machine`);
    process.nextTick(() => this.destroy(Object.assign(error, { code: 'ECONNREFUSED' })));
    return this;
  }
  return connect.apply(this, given);
};

function toOptions(wanted) {
  const [first, second] = wanted;
  if (first !== null && typeof first === 'object') return first;
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) {
    return { port: Number(first), host: typeof second === 'string' ? second : undefined };
  }
  return null;
}

// Trust: our authority, for Sinch's hosts only, beside whatever the program trusts.
const tlsConnect = tls.connect;
tls.connect = function (...given) {
  const at = given.findIndex((each) => each !== null && typeof each === 'object');
  const options = at >= 0 ? given[at] : null;
  if (options !== null && isSinch(options.servername || options.host)) {
    if (options.secureContext) options.secureContext.context.addCACert(authority);
    else if (options.ca) given[at] = { ...options, ca: [].concat(options.ca, authority) };
  }
  return tlsConnect.apply(this, given);
};

require('module').syncBuiltinESMExports?.();
