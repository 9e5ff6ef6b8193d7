using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>An authority of its own and certificates that it signed, in PEM files.</summary>
internal sealed class CertificateFiles
{
    private readonly string _folder;
    private readonly X509Certificate2 _authority;

    public CertificateFiles(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(folder, "ca.pem"), _authority.ExportCertificatePem());
    }

    /// <summary>Gets the file of the authority.</summary>
    public string Authority => Path.Combine(_folder, "ca.pem");

    /// <summary>Signs a certificate.</summary>
    /// <returns>The files of certificate and key.</returns>
    public (string Certificate, string Key) Sign(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 signed = request.Create(
            _authority,
            DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddDays(10),
            RandomNumberGenerator.GetBytes(8)
        );
        string certificate = Path.Combine(_folder, name + ".pem");
        string keyFile = Path.Combine(_folder, name + ".key");
        File.WriteAllText(certificate, signed.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificate, keyFile);
    }

    /// <summary>Gets the options of a process that shows a certificate of this authority and trusts no other.</summary>
    public string[] Options(string name)
    {
        (string certificate, string key) = Sign(name);
        return ["--tls-cert", certificate, "--tls-key", key, "--tls-ca", Authority];
    }
}
