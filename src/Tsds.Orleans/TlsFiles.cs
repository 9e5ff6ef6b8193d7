namespace Tsds.Orleans;

/// <summary>The certificate files for mutual TLS, in PEM format.</summary>
/// <param name="Certificate">This process's own certificate, signed by the authority.</param>
/// <param name="Key">Its private key, not encrypted.</param>
/// <param name="Authority">The authority that signed the certificates of all members and clients; no other is
/// trusted.</param>
public sealed record TlsFiles(string Certificate, string Key, string Authority);
