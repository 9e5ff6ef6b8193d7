using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Qdrant.Client.Grpc;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// A server that speaks the contract of Qdrant's gRPC interface as far as points are counted and read: the server
/// itself cannot be had from Debian's packages.
/// </summary>
internal sealed class QdrantStandIn : IAsyncDisposable
{
    public const string Key = "PlantedKeyThatNobodyMaySee0123456789";

    private readonly WebApplication _application;
    private readonly int _points;

    private QdrantStandIn(WebApplication application, int points)
    {
        _application = application;
        _points = points;
    }

    /// <summary>Gets the port.</summary>
    public int Port => new Uri(_application.Urls.First()).Port;

    /// <summary>Gets the number of pages that were asked for.</summary>
    public int Pages { get; private set; }

    /// <summary>Gets or sets the page that is not answered, and all after it; null for none.</summary>
    public int? FailsFrom { get; set; }

    /// <summary>Starts a server with points 0, 1, 2, ... of two named vectors.</summary>
    public static async Task<QdrantStandIn> StartAsync(int points)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(FreePort.Find(), listen => listen.Protocols = HttpProtocols.Http2)
        );
        WebApplication application = builder.Build();
        QdrantStandIn server = new(application, points);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        byte[] request = body.ToArray()[5..];
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        IMessage? answer =
            context.Request.Headers["api-key"] != Key ? null
            : context.Request.Path == "/qdrant.Points/Count"
                ? new CountResponse { Result = new CountResult { Count = (ulong)_points } }
            : context.Request.Path == "/qdrant.Points/Scroll" ? Scroll(ScrollPoints.Parser.ParseFrom(request))
            : null;
        if (answer is not null)
        {
            byte[] message = answer.ToByteArray();
            byte[] frame = new byte[5];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
            await context.Response.Body.WriteAsync(frame);
            await context.Response.Body.WriteAsync(message);
        }

        // 14: unavailable; 16: unauthenticated.
        string status =
            answer is not null ? "0"
            : context.Request.Headers["api-key"] == Key ? "14"
            : "16";
        context.Response.AppendTrailer("grpc-status", status);
    }

    private ScrollResponse? Scroll(ScrollPoints asked)
    {
        if (++Pages >= FailsFrom)
        {
            return null;
        }

        Assert.Equal("items", asked.CollectionName);
        int first = asked.Offset is null ? 0 : (int)asked.Offset.Num;
        int end = Math.Min(_points, first + (int)asked.Limit);
        ScrollResponse page = new();
        for (int i = first; i < end; i++)
        {
            RetrievedPoint point = new() { Id = new PointId { Num = (ulong)i } };
            point.Payload["text"] = new Value { StringValue = "row " + i.ToString(CultureInfo.InvariantCulture) };
            point.Payload["source"] = new Value { StringValue = i % 2 == 0 ? "even" : "odd" };
            NamedVectorsOutput named = new();
            named.Vectors["dense"] = new VectorOutput { Dense = new DenseVector { Data = { VectorOf(i) } } };
            named.Vectors["other"] = new VectorOutput { Dense = new DenseVector { Data = { 1f } } };
            point.Vectors = new VectorsOutput { Vectors = named };
            page.Result.Add(point);
        }

        if (end < _points)
        {
            page.NextPageOffset = new PointId { Num = (ulong)end };
        }

        return page;
    }

    /// <summary>Returns the vector of a point.</summary>
    public static float[] VectorOf(int point) => [point * 7 % 101, point * 13 % 97, (point % 89) + 1];
}
