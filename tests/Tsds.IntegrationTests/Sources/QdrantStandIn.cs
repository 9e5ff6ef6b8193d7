using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Qdrant.Client.Grpc;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// A server that speaks the contract of Qdrant's gRPC interface as far as points are counted, read and marked: the
/// server itself cannot be had from Debian's packages.
/// </summary>
internal sealed class QdrantStandIn : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Dictionary<string, Point[]> _collections = new(StringComparer.Ordinal);

    private QdrantStandIn(WebApplication application)
    {
        _application = application;
    }

    /// <summary>Gets what goes wrong when points are read.</summary>
    public Faults Faults { get; } = new() { AreOn = false };

    /// <summary>Gets the port.</summary>
    public int Port => new Uri(_application.Urls.First()).Port;

    /// <summary>Gets the number of pages that were asked for.</summary>
    public int Pages { get; private set; }

    /// <summary>Gets or sets the page that is not answered, and all after it; null for none.</summary>
    public int? FailsFrom { get; set; }

    /// <summary>Gets the number of changes that were asked for.</summary>
    public int Changes { get; private set; }

    /// <summary>Gets or sets the change that is not made, and all after it; null for none.</summary>
    public int? ChangesFailFrom { get; set; }

    private Point[] Items => _collections["items"];

    /// <summary>Starts a server with a collection of points 0, 1, 2, ... of two named vectors.</summary>
    /// <param name="points">How many.</param>
    /// <param name="hasOwnIds">True if the payload of each has an id that is the number of another point.</param>
    public static async Task<QdrantStandIn> StartAsync(int points, bool hasOwnIds = false)
    {
        QdrantStandIn server = await StartAsync();
        server._collections["items"] =
        [
            .. Enumerable.Range(0, points).Select(i => new Point(PayloadOf(i, hasOwnIds), VectorOf(i))),
        ];
        return server;
    }

    /// <summary>Starts a server without collections.</summary>
    public static async Task<QdrantStandIn> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(FreePort.Find(), listen => listen.Protocols = HttpProtocols.Http2)
        );
        WebApplication application = builder.Build();
        QdrantStandIn server = new(application);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    /// <summary>Adds a collection of points 0, 1, 2, ...</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">The payloads: objects of strings.</param>
    /// <param name="vectors">The vectors.</param>
    public void Add(string name, IEnumerable<JsonObject> rows, IEnumerable<float[]> vectors)
    {
        _collections[name] =
        [
            .. rows.Zip(
                vectors,
                (row, vector) =>
                    new Point(
                        row.ToDictionary(
                            field => field.Key,
                            field => new Value { StringValue = field.Value!.GetValue<string>() }
                        ),
                        vector
                    )
            ),
        ];
    }

    /// <summary>Returns the points that have something in a field of their payload.</summary>
    public int[] PointsWith(string field) =>
        [.. Enumerable.Range(0, Items.Length).Where(i => Items[i].Payload.ContainsKey(field))];

    /// <summary>Sets a field of a point.</summary>
    public void Set(int point, string field, bool value) =>
        Items[point].Payload[field] = new Value { BoolValue = value };

    private static Dictionary<string, Value> PayloadOf(int point, bool hasOwnIds)
    {
        Dictionary<string, Value> payload = new()
        {
            ["text"] = new Value { StringValue = "row " + point.ToString(CultureInfo.InvariantCulture) },
            ["source"] = new Value { StringValue = point % 2 == 0 ? "even" : "odd" },
        };
        if (hasOwnIds)
        {
            int other = point + 1;
            payload["id"] =
                point % 2 == 0
                    ? new Value { IntegerValue = other }
                    : new Value { StringValue = other.ToString(CultureInfo.InvariantCulture) };
        }

        return payload;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        byte[] request = body.ToArray()[5..];
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        IMessage? answer =
            context.Request.Headers["api-key"] != PlantedSecrets.QdrantKey ? null
            : context.Request.Path == "/qdrant.Points/Count"
                ? new CountResponse
                {
                    Result = new CountResult { Count = Count(CountPoints.Parser.ParseFrom(request)) },
                }
            : context.Request.Path == "/qdrant.Points/SetPayload" ? Set(SetPayloadPoints.Parser.ParseFrom(request))
            : context.Request.Path == "/qdrant.Points/DeletePayload"
                ? Delete(DeletePayloadPoints.Parser.ParseFrom(request))
            : context.Request.Path == "/qdrant.Points/Scroll" ? Scroll(ScrollPoints.Parser.ParseFrom(request))
            : null;
        bool isRead = context.Request.Path == "/qdrant.Points/Scroll";
        Fault fault = answer is not null && isRead ? await Faults.NextAsync(context.RequestAborted) : Fault.None;
        if (fault == Fault.Closed)
        {
            context.Abort();
            return;
        }

        if (answer is not null && fault != Fault.Unavailable)
        {
            byte[] message = answer.ToByteArray();
            byte[] frame = new byte[5];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
            await context.Response.Body.WriteAsync(frame);
            int sent = fault is Fault.Broken or Fault.Short or Fault.Slow ? message.Length / 2 : message.Length;
            await context.Response.Body.WriteAsync(message.AsMemory(0, sent));
            switch (fault)
            {
                case Fault.Broken:
                    await context.Response.Body.FlushAsync();
                    context.Abort();
                    return;
                case Fault.Slow:
                    await context.Response.Body.FlushAsync();
                    await Task.Delay(20);
                    await context.Response.Body.WriteAsync(message.AsMemory(sent));
                    break;
            }
        }

        // 14: unavailable; 16: unauthenticated.
        string status =
            answer is not null && fault != Fault.Unavailable ? "0"
            : context.Request.Headers["api-key"] == PlantedSecrets.QdrantKey ? "14"
            : "16";
        context.Response.AppendTrailer("grpc-status", status);
    }

    private ulong Count(CountPoints asked) => (ulong)Find(_collections[asked.CollectionName], asked.Filter).Count();

    private PointsOperationResponse? Set(SetPayloadPoints asked) =>
        Change(
            asked.PointsSelector,
            payload =>
            {
                foreach ((string name, Value value) in asked.Payload)
                {
                    payload[name] = value;
                }
            }
        );

    private PointsOperationResponse? Delete(DeletePayloadPoints asked) =>
        Change(
            asked.PointsSelector,
            payload =>
            {
                foreach (string name in asked.Keys)
                {
                    payload.Remove(name);
                }
            }
        );

    private PointsOperationResponse? Change(PointsSelector which, Action<Dictionary<string, Value>> change)
    {
        if (++Changes >= ChangesFailFrom)
        {
            return null;
        }

        foreach (int point in Find(Items, which.Filter).ToArray())
        {
            change(Items[point].Payload);
        }

        return new PointsOperationResponse { Result = new UpdateResult { Status = UpdateStatus.Completed } };
    }

    private static IEnumerable<int> Find(Point[] points, Filter? filter) =>
        Enumerable.Range(0, points.Length).Where(point => filter is null || IsMet(filter, points, point));

    private static bool IsMet(Filter filter, Point[] points, int point) =>
        filter.Must.All(condition => IsMet(condition, points, point))
        && !filter.MustNot.Any(condition => IsMet(condition, points, point))
        && (filter.Should.Count == 0 || filter.Should.Any(condition => IsMet(condition, points, point)));

    private static bool IsMet(Condition condition, Point[] points, int point) =>
        condition.ConditionOneOfCase switch
        {
            Condition.ConditionOneOfOneofCase.Filter => IsMet(condition.Filter, points, point),
            Condition.ConditionOneOfOneofCase.HasId => condition.HasId.HasId.Any(id => id.Num == (ulong)point),
            Condition.ConditionOneOfOneofCase.IsEmpty => !points[point].Payload.ContainsKey(condition.IsEmpty.Key),
            Condition.ConditionOneOfOneofCase.Field => points[point].Payload.GetValueOrDefault(condition.Field.Key)
                is { } value
                && IsMatch(condition.Field.Match, value),
            _ => throw new NotSupportedException($"{condition.ConditionOneOfCase} is no part of this server."),
        };

    private static bool IsMatch(Match match, Value value) =>
        match.MatchValueCase switch
        {
            Match.MatchValueOneofCase.Boolean => value.HasBoolValue && value.BoolValue == match.Boolean,
            Match.MatchValueOneofCase.Keywords => value.HasStringValue
                && match.Keywords.Strings.Contains(value.StringValue),
            Match.MatchValueOneofCase.Integers => value.HasIntegerValue
                && match.Integers.Integers.Contains(value.IntegerValue),
            _ => throw new NotSupportedException($"{match.MatchValueCase} is no part of this server."),
        };

    private ScrollResponse? Scroll(ScrollPoints asked)
    {
        if (++Pages >= FailsFrom)
        {
            return null;
        }

        Point[] points = _collections[asked.CollectionName];
        int first = asked.Offset is null ? 0 : (int)asked.Offset.Num;
        int end = Math.Min(points.Length, first + (int)asked.Limit);
        ScrollResponse page = new();
        for (int i = first; i < end; i++)
        {
            RetrievedPoint point = new() { Id = new PointId { Num = (ulong)i } };
            point.Payload.Add(points[i].Payload);
            NamedVectorsOutput named = new();
            named.Vectors["dense"] = new VectorOutput { Dense = new DenseVector { Data = { points[i].Vector } } };
            named.Vectors["other"] = new VectorOutput { Dense = new DenseVector { Data = { 1f } } };
            point.Vectors = new VectorsOutput { Vectors = named };
            page.Result.Add(point);
        }

        if (end < points.Length)
        {
            page.NextPageOffset = new PointId { Num = (ulong)end };
        }

        return page;
    }

    /// <summary>Returns the vector of a point.</summary>
    public static float[] VectorOf(int point) => [point * 7 % 101, point * 13 % 97, (point % 89) + 1];

    private sealed record Point(Dictionary<string, Value> Payload, float[] Vector);
}
