using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Tsds.Orleans.Security;

/// <summary>The TLS certificates of a process: its own, and the one authority that it trusts.</summary>
internal sealed class TlsCertificates
{
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _authorities = [];

    /// <summary>Initializes the certificates from PEM files.</summary>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public TlsCertificates(TlsFiles files)
    {
        try
        {
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

            // A key that is read from PEM is of no use to every platform's TLS before it went through PKCS 12.
            _own = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            _authorities.ImportFromPemFile(files.Authority);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidDataException(
                $"Expected a certificate in {files.Certificate}, its key in {files.Key} and an authority in "
                    + $"{files.Authority}, all in PEM, found: {exception.Message}",
                exception
            );
        }
    }

    public X509Certificate2 Own => _own;

    /// <summary>Configures mutual TLS: both sides must present a certificate of the authority.</summary>
    public void Apply(TlsOptions options)
    {
        options.LocalCertificate = _own;
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.CheckCertificateRevocation = false;
        options.RemoteCertificateValidation = (certificate, _, _) => IsTrusted(certificate);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = "tsds";
    }

    /// <summary>
    /// Determines whether the authority signed a certificate. Host names are not compared: members are identified by
    /// their certificates, not by the machine they run on.
    /// </summary>
    public bool IsTrusted(X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }
}
