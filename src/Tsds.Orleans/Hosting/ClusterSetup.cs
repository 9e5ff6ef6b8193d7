using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;
using StackExchange.Redis;
using Tsds.Orleans.Security;

namespace Tsds.Orleans.Hosting;

/// <summary>
/// The configuration that members and clients of a cluster share: membership, secret, TLS, timeouts, wire types.
/// </summary>
internal sealed class ClusterSetup
{
    private const int LargestMessage = 64 << 20;

    private static readonly TimeSpan ShortestJoinPatience = TimeSpan.FromMinutes(2);

    private readonly ClusterOptions _options;
    private readonly TlsCertificates? _certificates;

    public ClusterSetup(ClusterOptions options)
    {
        _options = options;
        _certificates = options.Tls is { } files ? new TlsCertificates(files) : null;
        Handshake = new SecretHandshake(options.Secret);
    }

    public SecretHandshake Handshake { get; }

    /// <summary>
    /// Gets how long a worker may take to become a member: at least two minutes, because nobody waits for it yet, its
    /// machine may be busy, and members that have died are counted until their silence is noticed.
    /// </summary>
    public TimeSpan JoinPatience => _options.Timeout > ShortestJoinPatience ? _options.Timeout : ShortestJoinPatience;

    /// <summary>Gets the timeout of one message; a search is many messages.</summary>
    private TimeSpan ResponseTimeout => _options.Timeout / 4;

    public void Apply(ISiloBuilder silo, WorkerOptions worker)
    {
        Name(silo.Services);
        silo.ConfigureEndpoints(worker.Bind, worker.SiloPort, worker.GatewayPort);
        if (_options.Address.Kind == ClusterKind.Redis)
        {
            silo.UseRedisClustering(redis => redis.ConfigurationOptions = Redis());
        }
        else if (_options.Address.Kind == ClusterKind.Primary)
        {
            silo.UseDevelopmentClustering(
                new IPEndPoint(IPAddress.Parse(_options.Address.Host), _options.Address.Port)
            );
        }

        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // Three unanswered probes: a silent worker is removed after half of the timeout.
            membership.ProbeTimeout = _options.Timeout / 6;
            membership.NumMissedProbesLimit = 3;

            // Neither asking a third member nor a message that came before the silence puts the verdict off, up to four
            // times as long.
            membership.EnableIndirectProbes = false;
            membership.EnableConnectionLivenessCheck = false;

            // One witness is enough: where most of a cluster dies at once, there is no second one. A worker has nothing
            // to lose but its share.
            membership.NumVotesForDeathDeclaration = 1;
            membership.MaxJoinAttemptTime = JoinPatience;
        });
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = ResponseTimeout;
            messaging.SystemResponseTimeout = ResponseTimeout;
            messaging.MaxMessageBodySize = LargestMessage;
        });
        if (_certificates is not null)
        {
            silo.UseTls(_certificates.Apply);
        }

        silo.Configure<SiloConnectionOptions>(connections =>
        {
            connections.ConfigureSiloInboundConnection(connection => connection.Use(Handshake.Called));
            connections.ConfigureGatewayInboundConnection(connection => connection.Use(Handshake.Called));
            connections.ConfigureSiloOutboundConnection(connection => connection.Use(Handshake.Calling));
        });
    }

    /// <param name="client">The client.</param>
    /// <param name="gateways">Where the members are that keep their list in memory.</param>
    public void Apply(IClientBuilder client, IReadOnlyList<IPEndPoint> gateways)
    {
        Name(client.Services);
        if (_options.Address.Kind == ClusterKind.Redis)
        {
            client.UseRedisClustering(redis => redis.ConfigurationOptions = Redis());
        }
        else if (_options.Address.Kind == ClusterKind.Primary)
        {
            client.UseStaticClustering([.. gateways]);
        }

        client.Configure<ClientMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = ResponseTimeout;
            messaging.MaxMessageBodySize = LargestMessage;
        });
        client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = _options.Timeout / 10);
        if (_certificates is not null)
        {
            client.UseTls(_certificates.Apply);
        }

        client.Configure<ClientConnectionOptions>(connections =>
            connections.ConfigureConnection(connection => connection.Use(Handshake.Calling))
        );
    }

    /// <summary>Starts a member or a client. Fails as soon as a member refuses it.</summary>
    /// <param name="host">The member or client.</param>
    /// <param name="patience">How long that may take, where Orleans itself does not give up before.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IOException">The cluster refuses this process, or does not answer.</exception>
    public async Task StartAsync(IHost host, TimeSpan patience, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(patience);
        Task starting = host.StartAsync(stop.Token);
        try
        {
            await Task.WhenAny(starting, Handshake.Refusal).WaitAsync(stop.Token).ConfigureAwait(false);
            if (Handshake.Refusal.IsCompleted)
            {
                throw new IOException(await Handshake.Refusal.ConfigureAwait(false));
            }

            await starting.ConfigureAwait(false);
        }
        catch (Exception exception)
            when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw ConnectionErrors.Of(exception, _options, Handshake);
        }
        finally
        {
            _ = starting.ContinueWith(
                task => task.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
        }
    }

    /// <summary>
    /// Adds the JSON file of another membership provider to the configuration, where Orleans reads it.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is no JSON with a section <c>Orleans</c>.</exception>
    public void Configure(IConfigurationBuilder configuration)
    {
        if (_options.Address.Kind != ClusterKind.File)
        {
            return;
        }

        string path = Path.GetFullPath(_options.Address.Host);
        using JsonDocument json = ReadJson(path);
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("Orleans", out _))
        {
            throw new InvalidDataException(
                $"Expected a section 'Orleans' with a provider of membership in {path}, found none."
            );
        }

        configuration.AddJsonFile(path, optional: false);
    }

    private static JsonDocument ReadJson(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"Expected JSON in {path}, found: {exception.Message}", exception);
        }
    }

    private void Name(IServiceCollection services)
    {
        services.AddSingleton<ITypeNameFilter, WireTypeFilter>();
        if (_options.Address.Kind == ClusterKind.File)
        {
            return;
        }

        services.Configure<global::Orleans.Configuration.ClusterOptions>(cluster =>
        {
            cluster.ClusterId = _options.Address.Name;
            cluster.ServiceId = "tsds";
        });
    }

    private ConfigurationOptions Redis()
    {
        ConfigurationOptions redis = new()
        {
            EndPoints = { { _options.Address.Host, _options.Address.Port } },
            Password = _options.RedisPassword,
            AbortOnConnectFail = false,
            Ssl = _options.Address.IsTls,
            ConnectTimeout = (int)ResponseTimeout.TotalMilliseconds,
        };
        if (_certificates is { } certificates)
        {
            redis.CertificateValidation += (_, certificate, _, _) => certificates.IsTrusted(certificate);
            redis.CertificateSelection += (_, _, _, _, _) => certificates.Own;
        }

        return redis;
    }
}
