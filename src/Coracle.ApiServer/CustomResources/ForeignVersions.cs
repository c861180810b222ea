using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// The versions of a definition that a webhook turns into each other, for finding out who owns which fields. That is worked out at one go, and a webhook takes its time: so what is not
/// known yet counts as a version that is gone, is asked for afterwards, and the work is done again.
/// </summary>
internal sealed class ForeignVersions(IReadOnlyList<Resource> resources)
{
    private readonly Dictionary<(string Object, string Version), JsonObject?> _known = [];
    private readonly List<(string Object, string Version)> _wanted = [];

    /// <summary>What the work gives once every version that it asks for is known. The work may be done several times.</summary>
    public async ValueTask<T> KnowingAsync<T>(Func<MergeVersions, T> work, CancellationToken cancel)
    {
        var versions = new MergeVersions(version => Of(version)?.Kind.Schema, Convert);
        while (true)
        {
            _wanted.Clear();
            var result = work(versions);
            if (_wanted.Count == 0) return result;
            // What the webhook does not convert is gone indeed.
            foreach (var wanted in _wanted.Distinct().ToList()) _known[wanted] = await Of(wanted.Version)!.FromForeignAsync(System.Text.Encoding.UTF8.GetBytes(wanted.Object), cancel);
        }
    }

    private Resource? Of(string version) => resources.FirstOrDefault(r => r.Kind.ApiVersion == version);

    private JsonObject? Convert(JsonObject obj, string from, string to)
    {
        if (from == to) return obj;
        if (Of(to) is null) return null;
        var key = (obj.ToJsonString(), to);
        if (_known.TryGetValue(key, out var known)) return known?.DeepClone().AsObject();
        _wanted.Add(key);
        return null;
    }
}
