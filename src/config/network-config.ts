/** The way to the mirrors, by the variables of the environment that the go command obeys, too. */
export type NetworkConfig = {
  readonly httpProxy?: ProxyVariable;
  readonly httpsProxy?: ProxyVariable;
  readonly noProxy?: ProxyVariable;
  /** REQUEST_METHOD is set, so that this may be a CGI program. */
  readonly cgi: boolean;
  /** SSL_CERT_FILE. */
  readonly certFile?: string;
  /** SSL_CERT_DIR: folders with colons between. */
  readonly certDirs?: string;
};

/** A proxy as the environment has it: not empty, perhaps with a password, never printed. */
export type ProxyVariable = {
  /** `HTTPS_PROXY` or `https_proxy`: the one that was found. */
  readonly name: string;
  readonly text: string;
};
