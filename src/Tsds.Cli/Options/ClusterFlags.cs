using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Output;
using Tsds.Orleans;

namespace Tsds.Cli.Options;

/// <summary>The options for the cluster and its security, the same for workers and selections.</summary>
internal sealed class ClusterFlags
{
    public Option<string> Cluster { get; } =
        One(
            "--cluster",
            "ADDRESS",
            "Cluster whose workers hold the pool: redis://HOST:PORT/NAME, rediss:// for TLS, or FILE.json "
                + "for another provider of membership; "
                + "local:3 starts three workers on this machine for the vector store of --pool-vectors, to try it out."
        );

    public Option<string> Secret { get; } =
        One(
            "--cluster-secret",
            "FILE",
            $"File with the secret that all workers and clients of the cluster share. Default: what the "
                + $"variable {ClusterOptions.SecretVariable} holds."
        );

    public Option<string> Certificate { get; } =
        One("--tls-cert", "FILE", "Certificate in PEM that this process shows to the others: mutual TLS.");

    public Option<string> Key { get; } = One("--tls-key", "FILE", "Private key of --tls-cert, in PEM.");

    public Option<string> Authority { get; } =
        One(
            "--tls-ca",
            "FILE",
            "Authority in PEM that signed the certificates of all workers and clients, and of Redis under rediss://."
        );

    public Option<string> Timeout { get; } =
        One(
            "--timeout",
            "SECONDS",
            "How long to wait for a silent or missing worker; the same everywhere in a cluster. Default: 30."
        );

    public IReadOnlyList<Option> All => [Cluster, Secret, Certificate, Key, Authority, Timeout];

    /// <summary>Reads the settings of the cluster, or returns null if none is given.</summary>
    /// <returns>Null when none is asked for.</returns>
    /// <exception cref="ArgumentException">A value is wrong, or missing.</exception>
    public ClusterOptions? Read(OptionReader reader)
    {
        if (reader.Find(Cluster) is not { } cluster)
        {
            return All.Select(reader.Find).FirstOrDefault(value => value is not null) is { } rival
                ? throw new ArgumentException($"{rival.Origin} is for a cluster, --cluster ADDRESS; leave it out.")
                : null;
        }

        ClusterAddress address = Translate(cluster, ClusterAddress.Parse);
        string secret = address.Kind == ClusterKind.Local ? new string('-', 16) : ReadSecret(reader);
        return new ClusterOptions
        {
            Address = address,
            Secret = secret,
            RedisPassword = Environment.GetEnvironmentVariable(ClusterOptions.RedisPasswordVariable),
            Tls = ReadTls(reader),
            Timeout = ReadTimeout(reader) ?? TimeSpan.FromSeconds(30),
        };
    }

    private static Option<string> One(string name, string value, string description) =>
        new(name)
        {
            HelpName = value,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
        };

    private static T Translate<T>(OptionValue value, Func<string, T> parse)
    {
        try
        {
            return parse(value.Text);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException(
                $"{value.Origin}: {ErrorSentence.WithoutParameter(exception.Message)}",
                exception
            );
        }
    }

    private string ReadSecret(OptionReader reader)
    {
        string? secret = reader.Find(Secret) is { } file
            ? File.ReadAllText(file.Text).Trim()
            : Environment.GetEnvironmentVariable(ClusterOptions.SecretVariable);
        return secret is { Length: >= 16 }
            ? secret
            : throw new ArgumentException(
                $"--cluster-secret is needed: a file with the secret of the cluster, at least 16 characters "
                    + $"(or the variable {ClusterOptions.SecretVariable}); make one with 'openssl rand -hex 32'."
            );
    }

    private TlsFiles? ReadTls(OptionReader reader)
    {
        OptionValue?[] values = [reader.Find(Certificate), reader.Find(Key), reader.Find(Authority)];
        return values switch
        {
            [{ } certificate, { } key, { } authority] => new TlsFiles(certificate.Text, key.Text, authority.Text),
            [null, null, null] => null,
            _ => throw new ArgumentException(
                "--tls-cert, --tls-key and --tls-ca belong together: give all three, or none."
            ),
        };
    }

    private TimeSpan? ReadTimeout(OptionReader reader)
    {
        if (reader.Find(Timeout) is not { } value)
        {
            return null;
        }

        return
            double.TryParse(
                value.Text,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out double seconds
            ) && seconds is >= 3 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw value.Expected("seconds from 3 to 3600");
    }
}
