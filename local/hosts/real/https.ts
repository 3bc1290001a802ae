import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

/**
 * A function may call the endpoint over TLS and without its port, as handlers of custom resources do with the URL that
 * CloudFormation gives them. The endpoint has neither TLS nor port 443, so such a request goes to it in plain.
 */
export function reachOverTls(endpoint: string): void {
  const { hostname, port, host } = new URL(endpoint);
  const native = https.request;
  const request = (...args: Parameters<typeof native>) => {
    const [options] = args as unknown as [https.RequestOptions];
    if (typeof options !== 'object' || options.hostname !== hostname || options.port !== undefined)
      return native(...args);
    const [, ...rest] = args as unknown as [unknown, ((response: http.IncomingMessage) => void)?];
    const { agent: _agent, ...plain } = options;
    return http.request(
      { ...plain, port, headers: { ...(plain.headers as http.OutgoingHttpHeaders), host } },
      ...rest,
    );
  };
  https.request = request as typeof native;
  syncBuiltinESMExports();
}
