using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Bench.Engine;

/// <summary>What the steps of a write cost, one by one, for a pod as it is stored.</summary>
internal static class Parts
{
    public static IEnumerable<Measured> All(Engine engine)
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
        yield return new("part: decode", Step(() => Decoder.Decode(sent, kind.Schema)));
        yield return new("part: decode and default", Step(() => Decoded()));
        yield return new("part: default again", Step(() =>
        {
            Defaulter.Apply(complete, kind.Schema);
            kind.Rules.Default(complete);
        }));
        yield return new("part: own", Step(() =>
        {
            ((JsonObject)complete["metadata"]!).Remove("managedFields");
            FieldOwnership.Update(null, complete, request);
        }));
        yield return new("part: encode", Step(() => Encoder.Encode(complete, kind.Schema)));
        yield return new("part: default of the kind", Step(() => kind.Rules.Default(complete)));
        yield return new("part: validate", Step(() => kind.Rules.Check(stored, new FieldErrors(), [])));
        yield return new("part: read into an object", Step(() => ApiJson.Parse<Pod>(stored)));
        yield return new("part: parse into a tree", Step(() => ApiJson.ParseTree(stored)));
    }
}
