/** Who somebody is in Kubernetes. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Which Slack people are known in Kubernetes, and as whom. */
export interface Identities {
  /** By Slack user id. */
  readonly users: readonly { readonly slack: string; readonly user: string; readonly groups: readonly string[] }[];
  /** Everybody else by verified address, where its domain is among these: the address is the user's name. */
  readonly domains: readonly string[];
  /** Groups of those. */
  readonly groups: readonly string[];
  /** Acts are sent in the person's name, so that the API server's audit log has it. */
  readonly impersonate: boolean;
}
