using System.Globalization;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>How many seats a request takes: lists, and watches that begin with one, by the number of objects; all others one (upstream: list_work_estimator.go).</summary>
/// <param name="objectsOf">How many objects there are of the resource that a request names.</param>
internal sealed class WorkEstimate(Func<RequestInfo, int> objectsOf)
{
    private const int ObjectsPerSeat = 100;
    private const int SeatsMax = 10;

    /// <param name="info">What is asked.</param>
    /// <param name="query">The query.</param>
    /// <param name="levelMax">How many seats one request may take at the level; 0 for as many as anywhere.</param>
    public int Seats(RequestInfo info, string query, int levelMax)
    {
        if (!info.IsResourceRequest || info.Verb is not ("list" or "watch") || info.Name.Length > 0) return 1;
        if (info.Verb == "watch" && !BeginsWithObjects(query)) return 1;
        var objects = objectsOf(info);
        if (query.Contains("limit=", StringComparison.Ordinal) && int.TryParse(QueryText.First(query, "limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)
            objects = Math.Min(objects, limit);
        var max = levelMax is > 0 and < SeatsMax ? levelMax : SeatsMax;
        return Math.Clamp((objects + ObjectsPerSeat - 1) / ObjectsPerSeat, 1, max);
    }

    private static bool BeginsWithObjects(string query) =>
        QueryText.First(query, "sendInitialEvents") is "true" or "1" || QueryText.First(query, "resourceVersion") is null or "" or "0";
}
