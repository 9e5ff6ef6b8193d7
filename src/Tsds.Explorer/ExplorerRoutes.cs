using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tsds.Explorer.Page;
using Tsds.Explorer.Security;
using Tsds.Explorer.Wire;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Explore;
using Tsds.Jobs.Inputs;

namespace Tsds.Explorer;

/// <summary>Maps what the page asks for; docs/explorer-api.md is the contract.</summary>
internal static class ExplorerRoutes
{
    private const int MostNear = 1_000;
    private const int LongestQuery = 10_000;

    /// <summary>Maps the page and everything that it asks for.</summary>
    /// <param name="routes">Receives the routes.</param>
    /// <param name="session">The selection.</param>
    /// <param name="page">The page.</param>
    public static void MapExplorer(this IEndpointRouteBuilder routes, ExplorerSession session, PageFiles page)
    {
        Map(routes, session, "view", (open, _) => Json(open.Describe(session.Maps), ExplorerJson.Default.ViewRecord));
        Map(routes, session, "points", (open, request) => Points(session, open, request));
        Map(routes, session, "column", (open, request) => ColumnAsync(open, request, ExploredPlan.First));
        Map(routes, session, "rows", (open, request) => Rows(open, request));
        Map(routes, session, "targets", (open, request) => Targets(open, request));
        Map(routes, session, "row/{row}", RowAsync);
        Map(routes, session, "target/{target}", TargetAsync);
        Map(routes, session, "search", Search);
        Map(routes, session, "near", NearAsync);
        Map(
            routes,
            session,
            "plan/{plan}/state",
            async (open, request) =>
                Bytes(
                    PointState.Of(
                        open.Explorer,
                        await PlanOfAsync(open, RouteValue(request, "plan"), request).ConfigureAwait(false)
                    )
                )
        );
        Map(
            routes,
            session,
            "plan/{plan}/column",
            (open, request) => ColumnAsync(open, request, RouteValue(request, "plan"))
        );
        Map(
            routes,
            session,
            "layer/{layer}",
            (open, request) =>
                open.Layers.Count > 0
                    ? Bytes(open.Layers[Number(RouteValue(request, "layer"), open.Layers.Count)].Counts)
                    : throw new KeyNotFoundException(
                        "Expected a selection beside this one, found none; 'tsds explore OUT OTHER' opens two."
                    )
        );
        routes.MapGet("/api/events", context => SendEventsAsync(session, context));
        Post(routes, session, "plan", PlanAsync);
        Post(routes, session, "command", CommandAsync);
        Post(routes, session, "save", (open, request) => SaveAsync(session, open, request));
        Post(routes, session, "verify", (open, request) => VerifyAsync(session, open, request));
        routes.MapGet("/{**path}", context => SendPageAsync(page, context));
    }

    private static void Map(
        IEndpointRouteBuilder routes,
        ExplorerSession session,
        string path,
        Func<OpenSelection, HttpRequest, IResult> answer
    ) => Map(routes, session, path, (open, request) => Task.FromResult(answer(open, request)));

    private static void Map(
        IEndpointRouteBuilder routes,
        ExplorerSession session,
        string path,
        Func<OpenSelection, HttpRequest, Task<IResult>> answer
    ) => routes.MapGet($"/api/{path}", (RequestDelegate)(context => AnswerAsync(session, context, answer)));

    private static void Post(
        IEndpointRouteBuilder routes,
        ExplorerSession session,
        string path,
        Func<OpenSelection, HttpRequest, Task<IResult>> answer
    ) => routes.MapPost($"/api/{path}", (RequestDelegate)(context => AnswerAsync(session, context, answer)));

    private static async Task AnswerAsync(
        ExplorerSession session,
        HttpContext context,
        Func<OpenSelection, HttpRequest, Task<IResult>> answer
    )
    {
        if (session.Open is not { } open || !session.Opening.Done)
        {
            OpeningRecord opening = session.Opening;
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            await context
                .Response.WriteAsJsonAsync(
                    new ErrorRecord(opening.Error ?? "The selection is being opened.", opening.Stage, opening.Share),
                    SecurityJson.Default.ErrorRecord
                )
                .ConfigureAwait(false);
            return;
        }

        try
        {
            IResult result = await answer(open, context.Request).ConfigureAwait(false);
            await result.ExecuteAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            (int status, string sentence) = exception switch
            {
                KeyNotFoundException => (StatusCodes.Status404NotFound, exception.Message),
                BadHttpRequestException bad => (bad.StatusCode, "Expected less, found a request that is too large."),
                JsonException => (
                    StatusCodes.Status400BadRequest,
                    "Expected JSON of the documented form, found other."
                ),
                ArgumentException => (StatusCodes.Status400BadRequest, exception.Message),
                InvalidOperationException or IOException or InvalidDataException or UnauthorizedAccessException => (
                    StatusCodes.Status409Conflict,
                    FileErrors.Describe(exception)
                ),
                _ => (StatusCodes.Status500InternalServerError, "The server failed; it may be asked again."),
            };
            await RequestGuard.RefuseAsync(context, status, sentence).ConfigureAwait(false);
        }
    }

    private static IResult Points(ExplorerSession session, OpenSelection open, HttpRequest request)
    {
        string name = Query(request, "projection") ?? AxesProjection.Name;
        if (session.Maps.All(map => map.Name != name))
        {
            throw new KeyNotFoundException("Expected axes or neighbors, found another projection.");
        }

        Projection map =
            session.FindMap(name)
            ?? throw new InvalidOperationException("Expected a map that is ready, found one that is being made.");
        session.Show();
        return Bytes([
            .. MemoryMarshal.AsBytes(map.Places.Span),
            .. PointState.Of(open.Explorer, open.Explorer.Current),
        ]);
    }

    private static async Task<IResult> ColumnAsync(OpenSelection open, HttpRequest request, string plan)
    {
        ColumnValues values =
            await open
                .Columns.ReadAsync(
                    Query(request, "name") ?? "",
                    await PlanOfAsync(open, plan, request).ConfigureAwait(false),
                    request.HttpContext.RequestAborted
                )
                .ConfigureAwait(false)
            ?? throw new KeyNotFoundException("Expected the name of a column, found another.");
        request.HttpContext.Response.Headers["X-Column-Kind"] = values.Codes is null ? "number" : "category";
        return Bytes(
            values.Codes is { } codes
                ? MemoryMarshal.AsBytes(codes.AsSpan()).ToArray()
                : MemoryMarshal.AsBytes(values.Numbers.AsSpan()).ToArray()
        );
    }

    private static IResult Rows(OpenSelection open, HttpRequest request)
    {
        long[] rows = [.. Numbers(request, open.Explorer.RowCount).Select(row => (long)row)];
        return Json(open.ReadTexts(rows), ExplorerJson.Default.RowsRecord);
    }

    private static IResult Targets(OpenSelection open, HttpRequest request)
    {
        int[] targets = [.. Numbers(request, open.Explorer.Inputs.Targets.Count)];
        return Json(open.ReadTargets(targets), ExplorerJson.Default.TargetsRecord);
    }

    private static IEnumerable<int> Numbers(HttpRequest request, long count)
    {
        string[] ids = (Query(request, "ids") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        return ids.Length is > 0 and <= OpenSelection.RowsPerRequest
            ? ids.Select(id => Number(id, count))
            : throw new ArgumentException(
                $"Expected from 1 to {OpenSelection.RowsPerRequest} at once, found {ids.Length}."
            );
    }

    private static async Task<IResult> RowAsync(OpenSelection open, HttpRequest request)
    {
        long row = Number(RouteValue(request, "row"), open.Explorer.RowCount);
        ExploredPlan plan = await PlanOfAsync(open, Query(request, "plan"), request).ConfigureAwait(false);
        CancellationToken aborted = request.HttpContext.RequestAborted;
        RowPanel panel = await open
            .Explorer.AskAsync(() => open.Panels.ShowRowAsync(plan, row, StartOf(request), aborted), aborted)
            .ConfigureAwait(false);
        return Json(RowRecord.Of(panel), ExplorerJson.Default.RowRecord);
    }

    private static async Task<IResult> TargetAsync(OpenSelection open, HttpRequest request)
    {
        int target = Number(RouteValue(request, "target"), open.Explorer.Inputs.Targets.Count);
        ExploredPlan plan = await PlanOfAsync(open, Query(request, "plan"), request).ConfigureAwait(false);
        TargetPanel panel = open.Panels.ShowTarget(plan, target, StartOf(request));
        return Json(Wire.TargetRecord.Of(panel), ExplorerJson.Default.TargetRecord);
    }

    private static IResult Search(OpenSelection open, HttpRequest request)
    {
        RowTexts texts =
            open.Explorer.Facts.Texts
            ?? throw new InvalidOperationException("Expected rows with texts, found a pool of vectors alone.");
        TextSearch search = TextSearch.Parse(Shortened(Query(request, "q")));
        long total = 0;
        List<long> rows = [];
        foreach (long row in texts.Find(search, request.HttpContext.RequestAborted))
        {
            total++;
            if (rows.Count < OpenSelection.SearchHits)
            {
                rows.Add(row);
            }
        }

        return Json(new SearchRecord(total, rows), ExplorerJson.Default.SearchRecord);
    }

    private static async Task<IResult> NearAsync(OpenSelection open, HttpRequest request)
    {
        int count = Query(request, "count") is { } given ? Number(given, MostNear + 1) : 100;
        CancellationToken aborted = request.HttpContext.RequestAborted;
        long? row = Query(request, "row") is { } id ? Number(id, open.Explorer.RowCount) : null;
        string? text = row is null ? Shortened(Query(request, "text")) : null;
        IReadOnlyList<NearRow> rows = await open
            .Explorer.AskAsync(
                () => NearestRows.FindAsync(open.Explorer, text, row, Math.Max(1, count), aborted),
                aborted
            )
            .ConfigureAwait(false);
        return Json(new NearRecord(rows), ExplorerJson.Default.NearRecord);
    }

    private static async Task<IResult> PlanAsync(OpenSelection open, HttpRequest request)
    {
        PlanQuery query = await ReadAsync(request, ExplorerJson.Default.PlanQuery).ConfigureAwait(false);
        ExploredPlan plan = await open
            .Explorer.PlanAsync(OpenSelection.Read(query), request.HttpContext.RequestAborted)
            .ConfigureAwait(false);
        return Json(open.Describe(plan), ExplorerJson.Default.PlanAnswer);
    }

    private static async Task<IResult> CommandAsync(OpenSelection open, HttpRequest request)
    {
        FolderQuery query = await ReadAsync(request, ExplorerJson.Default.FolderQuery).ConfigureAwait(false);
        ExploredPlan plan = await PlanOfAsync(open, query.Plan, request).ConfigureAwait(false);
        string folder = open.Changed.FolderOf(query.Folder ?? "");
        SelectionSpec spec = await open
            .Explorer.AskAsync(() => Task.FromResult(open.Changed.Specify(plan)), request.HttpContext.RequestAborted)
            .ConfigureAwait(false);
        return Json(
            new CommandRecord(open.Changed.CommandOf(spec, folder), [.. FilesOf(plan, spec)]),
            ExplorerJson.Default.CommandRecord
        );
    }

    private static IEnumerable<CommandFile> FilesOf(ExploredPlan plan, SelectionSpec spec)
    {
        if (plan.Request.Exclude.Count > 0)
        {
            yield return new CommandFile(spec.ExcludeRows!, $"{plan.Inputs.Withheld.Excluded.Count} rows left out");
        }

        if (plan.Request.Keep.Count > 0)
        {
            yield return new CommandFile(spec.KeepRows!, $"{plan.Inputs.Withheld.Kept.Count} rows kept");
        }

        foreach (string path in spec.Targets.Concat(spec.TargetVectors).Where(ChangedInputs.IsOwn))
        {
            yield return new CommandFile(path, "targets as they were changed");
        }
    }

    private static async Task<IResult> SaveAsync(ExplorerSession session, OpenSelection open, HttpRequest request)
    {
        FolderQuery query = await ReadAsync(request, ExplorerJson.Default.FolderQuery).ConfigureAwait(false);
        ExploredPlan plan = await PlanOfAsync(open, query.Plan, request).ConfigureAwait(false);
        string folder = open.Changed.FolderOf(query.Folder ?? "");
        string name = open.Explorer.Changes.NameOf(folder);
        StageProgress progress = new((stage, share) => Announce(new SavingRecord(name, stage, share, Done: false)));
        SelectionSummary summary = await open.SaveAsync(plan, folder, progress, session.Stopping).ConfigureAwait(false);
        Announce(new SavingRecord(name, "written", 1, Done: true));
        return Json(
            new SavedRecord(name, summary.Rows, open.Changed.VerifyOf(folder)),
            ExplorerJson.Default.SavedRecord
        );

        void Announce(SavingRecord record) =>
            session.Events.Send("save", "save", JsonSerializer.Serialize(record, ExplorerJson.Default.SavingRecord));
    }

    private static async Task<IResult> VerifyAsync(ExplorerSession session, OpenSelection open, HttpRequest request)
    {
        FolderQuery query = await ReadAsync(request, ExplorerJson.Default.FolderQuery).ConfigureAwait(false);
        string folder = open.Changed.FolderOf(query.Folder ?? "");
        VerifiedRecord record = await open.VerifyAsync(folder, session.Stopping).ConfigureAwait(false);
        return Json(record, ExplorerJson.Default.VerifiedRecord);
    }

    private static async Task SendEventsAsync(ExplorerSession session, HttpContext context)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            session.Stopping
        );
        try
        {
            await foreach (string text in session.Events.ListenAsync(end.Token).ConfigureAwait(false))
            {
                await context.Response.WriteAsync(text, end.Token).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the program ends.
        }
    }

    private static async Task SendPageAsync(PageFiles page, HttpContext context)
    {
        if (page.TryOpen(context.Request.Path.Value ?? "/") is not { } file)
        {
            await RequestGuard
                .RefuseAsync(context, StatusCodes.Status404NotFound, "There is nothing here.")
                .ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = file.Type;
        await using (file.Content.ConfigureAwait(false))
        {
            await file.Content.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>Finds a plan that was made, the one on disk after it was proven.</summary>
    private static async Task<ExploredPlan> PlanOfAsync(OpenSelection open, string? id, HttpRequest request)
    {
        await open.Explorer.ProveAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
        return open.Explorer.FindPlan(id ?? ExploredPlan.First)
            ?? throw new KeyNotFoundException("Expected a plan that is still kept, found none; ask for it again.");
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class =>
        await JsonSerializer
            .DeserializeAsync(request.Body, type, request.HttpContext.RequestAborted)
            .ConfigureAwait(false)
        ?? throw new JsonException();

    private static IResult Json<T>(T value, JsonTypeInfo<T> type) => Results.Json(value, type);

    private static IResult Bytes(byte[] bytes) => Results.Bytes(bytes, "application/octet-stream");

    private static string? Query(HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values) ? values[0] : null;

    private static string RouteValue(HttpRequest request, string name) => (string)request.RouteValues[name]!;

    private static int StartOf(HttpRequest request) =>
        Query(request, "start") is { } start ? Number(start, int.MaxValue) : 0;

    private static string Shortened(string? query) =>
        query is { Length: > 0 and <= LongestQuery }
            ? query
            : throw new ArgumentException($"Expected from 1 to {LongestQuery} characters, found {query?.Length ?? 0}.");

    private static int Number(string text, long count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < count
            ? number
            : throw new KeyNotFoundException($"Expected a number from 0 to {count - 1}, found another.");
}
