using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Bench.Engine;

/// <summary>What the steps of a write cost, one by one, for a pod as it is stored.</summary>
internal static class Parts
{
    public static IEnumerable<(string Name, Func<int, ValueTask<long>> Run)> All(Engine engine)
    {
        var kind = Coracle.Kinds.GeneratedKinds.All.First(k => k is { Group: "", Kind: "Pod" });
        var sent = engine.Pod;
        JsonObject Decoded()
        {
            var pod = Decoder.Decode(sent, kind.Schema).Value!;
            Defaulter.Apply(pod, kind.Schema);
            kind.Rules.Default(pod);
            return pod;
        }
        var request = new OwnershipRequest(kind.Schema, "v1", "bench", "", DateTimeOffset.UnixEpoch);
        var complete = Decoded();
        FieldOwnership.Update(null, complete, request);
        var stored = Encoder.Encode(complete, kind.Schema);
        Func<int, ValueTask<long>> Step(Action step) => _ =>
        {
            step();
            return default;
        };
        yield return ("part: decode", Step(() => Decoder.Decode(sent, kind.Schema)));
        yield return ("part: decode and default", Step(() => Decoded()));
        yield return ("part: default again", Step(() =>
        {
            Defaulter.Apply(complete, kind.Schema);
            kind.Rules.Default(complete);
        }));
        yield return ("part: own", Step(() =>
        {
            ((JsonObject)complete["metadata"]!).Remove("managedFields");
            FieldOwnership.Update(null, complete, request);
        }));
        yield return ("part: encode", Step(() => Encoder.Encode(complete, kind.Schema)));
        yield return ("part: default of the kind", Step(() => kind.Rules.Default(complete)));
        yield return ("part: validate", Step(() => kind.Rules.Check(stored, new FieldErrors(), [])));
        yield return ("part: read into an object", Step(() => ApiJson.Parse<Pod>(stored)));
        yield return ("part: parse into a tree", Step(() => ApiJson.ParseTree(stored)));
    }
}
