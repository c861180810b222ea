using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;
using Encoder = Coracle.Schema.Encoder;

namespace Coracle.ApiServer.Tests.Verbs;

/// <summary>Answers in protobuf say what answers in JSON say. That the bytes are upstream's is shown on the encoder, by fixtures.</summary>
public sealed class ProtobufTests : IAsyncLifetime
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf";
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();
    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Decoded(byte[] protobuf, SchemaNode schema) =>
        Encoding.UTF8.GetString(Encoder.Encode(ProtobufDecoder.Decode(protobuf, schema) ?? throw new InvalidDataException("not protobuf"), schema));

    private async Task<Answer> SameInBoth(string target, SchemaNode schema, string more = "")
    {
        var (json, protobuf) = (await _api.Get(target, Api.Json + more), await _api.Get(target, Protobuf + more));
        Assert.Equal(Protobuf, protobuf.ContentType);
        Assert.Equal(json.Code, protobuf.Code);
        Assert.Equal(Plain(Encoding.UTF8.GetString(Encoder.Encode(json.Json, schema))), Plain(Decoded(protobuf.Bytes, schema)));
        return protobuf;
    }

    // In protobuf items do not say their kind, and no items are no different from null.
    private static string Plain(string json)
    {
        var obj = (JsonObject)JsonNode.Parse(json)!;
        if (!obj.ContainsKey("items")) return json;
        foreach (var item in obj["items"]?.AsArray() ?? [])
        {
            item!.AsObject().Remove("kind");
            item.AsObject().Remove("apiVersion");
        }
        obj["items"] ??= new JsonArray();
        return obj.ToJsonString();
    }

    private Task<Answer> CreateDeployment() => _api.Create(Deployments, """
        {"metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i",
        "livenessProbe":{"httpGet":{"port":"http"}},"resources":{"requests":{"cpu":"10m"}},"volumeMounts":[{"name":"v","mountPath":"/v"}]}],"volumes":[{"name":"v","secret":{"secretName":"s"}}]}}}}
        """);

    [Fact]
    public async Task An_object_in_protobuf_is_the_same_as_in_JSON()
    {
        await CreateDeployment();
        await _api.CreatePod("p");
        await SameInBoth($"{Deployments}/web", Deployment.Schema);
        await SameInBoth($"{Deployments}/web/status", Deployment.Schema);
        await SameInBoth($"{Deployments}/web/scale", Kinds.Autoscaling.V1.Scale.Schema);
        await SameInBoth($"{Api.Pods}/p", Pod.Schema);
    }

    [Fact]
    public async Task An_object_served_in_another_version_than_it_is_stored_in_is_converted_first()
    {
        await _api.Create("/api/v1/namespaces/default/events", """{"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","namespace":"default","name":"p"},"message":"hello","reason":"Because","type":"Normal"}""");
        await SameInBoth("/apis/events.k8s.io/v1/namespaces/default/events/e", Kinds.Events.V1.Event.Schema);
        await SameInBoth("/apis/events.k8s.io/v1/namespaces/default/events", ListSchema.Of(Kinds.Events.V1.Event.Info));
    }

    [Fact]
    public async Task A_list_in_protobuf_is_the_same_as_in_JSON_however_long()
    {
        for (var i = 0; i < 40; i++) await _api.CreateConfigMap($"c{i:00}", value: new string('x', i * 200));
        var schema = ListSchema.Of(ConfigMap.Info);
        var whole = await SameInBoth(Api.ConfigMaps, schema);
        Assert.True(whole.Bytes.Length > 128 * 1024, $"{whole.Bytes.Length} bytes fit one piece");
        await SameInBoth($"{Api.ConfigMaps}?limit=3", schema);
        await SameInBoth("/api/v1/namespaces/none/configmaps", schema);
    }

    [Fact]
    public async Task What_a_write_answers_is_in_protobuf_too()
    {
        var how = new How { Accept = Protobuf };
        var created = await _api.Send("POST", Api.ConfigMaps, """{"metadata":{"name":"a"}}""", how);
        Assert.Equal((201, Protobuf), (created.Code, created.ContentType));
        Assert.Equal((await _api.Get($"{Api.ConfigMaps}/a")).Text, Decoded(created.Bytes, ConfigMap.Schema));
        var patched = await _api.Send("PATCH", $"{Api.ConfigMaps}/a", """{"data":{"k":"v"}}""", how with { ContentType = Api.Merge });
        Assert.Equal((await _api.Get($"{Api.ConfigMaps}/a")).Text, Decoded(patched.Bytes, ConfigMap.Schema));
        var deleted = await _api.Send("DELETE", $"{Api.ConfigMaps}/a", null, how);
        Assert.Equal("Success", (string?)JsonNode.Parse(Decoded(deleted.Bytes, Kinds.Meta.V1.Status.Schema))!["status"]);
    }

    [Fact]
    public async Task A_refusal_is_told_in_protobuf_to_those_who_read_it()
    {
        var refused = await _api.Get($"{Api.ConfigMaps}/none", Protobuf);
        Assert.Equal((404, Protobuf), (refused.Code, refused.ContentType));
        Assert.Equal("configmaps \"none\" not found", (string?)JsonNode.Parse(Decoded(refused.Bytes, Kinds.Meta.V1.Status.Schema))!["message"]);
    }

    [Fact]
    public async Task Metadata_alone_can_be_had_in_protobuf_and_tables_cannot()
    {
        await _api.CreateConfigMap("a", "\"l\":\"v\"");
        await SameInBoth($"{Api.ConfigMaps}/a", PartialObjectMetadata.Schema, ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        await SameInBoth(Api.ConfigMaps, PartialObjectMetadataList.Schema, ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        Assert.Equal(406, (await _api.Get(Api.ConfigMaps, $"{Protobuf};as=Table;g=meta.k8s.io;v=v1")).Code);
        Assert.Equal(Api.Json, (await _api.Get(Api.ConfigMaps, $"{Protobuf};as=Table;g=meta.k8s.io;v=v1,{Api.Table}")).ContentType);
    }

    private async Task<(ApiResponse Response, WatchBody Body)> Watch(string target, string accept)
    {
        var parts = target.Split('?');
        var request = new TestRequest([], new How { Accept = accept }) { Method = "GET", Path = parts[0], Query = parts[1], Identity = Api.Admin };
        var response = await _api.Server.HandleAsync(request, TestContext.Current.CancellationToken);
        return (response, Assert.IsType<WatchBody>(response.Body));
    }

    private static (string Type, byte[] Object) Next(WatchBody body)
    {
        Assert.True(body.IsProtobuf);
        Assert.True(body.Stream.TryTake(out var frame), "no event");
        var bytes = new byte[ProtobufFrame.Size(frame)];
        Assert.Equal(bytes.Length, ProtobufFrame.Write(bytes, frame));
        Assert.Equal(bytes.Length - 4, (int)BinaryPrimitives.ReadUInt32BigEndian(bytes));
        var at = 4;
        var type = Field(bytes, 1, ref at);
        var raw = Field(bytes, 2, ref at);
        Assert.Equal(bytes.Length, at);
        at = 0;
        return (Encoding.UTF8.GetString(type), Field(raw, 1, ref at));
    }

    // A field of bytes, at its place.
    private static byte[] Field(ReadOnlySpan<byte> data, int number, ref int at)
    {
        Assert.Equal(number << 3 | 2, data[at++]);
        var (length, shift) = (0, 0);
        for (; data[at] >= 0x80; shift += 7) length |= (data[at++] & 0x7f) << shift;
        length |= data[at++] << shift;
        at += length;
        return data.Slice(at - length, length).ToArray();
    }

    [Fact]
    public async Task A_watch_in_protobuf_sends_events_with_their_length_before_them()
    {
        await _api.CreateConfigMap("a");
        var (response, watch) = await Watch($"{Api.ConfigMaps}?watch=true", $"{Protobuf};stream=watch");
        Assert.Equal($"{Protobuf};stream=watch", response.ContentType);
        var (type, obj) = Next(watch);
        Assert.Equal("ADDED", type);
        Assert.Equal((await _api.Get($"{Api.ConfigMaps}/a")).Text, Decoded(obj, ConfigMap.Schema));
        await _api.CreateConfigMap("b", value: new string('x', 20_000));
        (type, obj) = Next(watch);
        Assert.Equal("ADDED", type);
        Assert.Equal((await _api.Get($"{Api.ConfigMaps}/b")).Text, Decoded(obj, ConfigMap.Schema));
        await _api.Delete($"{Api.ConfigMaps}/a");
        Assert.Equal("DELETED", Next(watch).Type);
    }

    [Theory]
    [InlineData("", "ConfigMap", "v1")]
    [InlineData(";as=PartialObjectMetadata;g=meta.k8s.io;v=v1", "PartialObjectMetadata", "meta.k8s.io/v1")]
    public async Task Bookmarks_are_of_the_kind_that_the_client_asked_for(string more, string kind, string apiVersion)
    {
        var (_, watch) = await Watch($"{Api.ConfigMaps}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan", Protobuf + more);
        var (type, obj) = Next(watch);
        Assert.Equal("BOOKMARK", type);
        var bookmark = ProtobufDecoder.Decode(obj, PartialObjectMetadata.Schema)!;
        Assert.Equal((kind, apiVersion), ((string?)bookmark["kind"], (string?)bookmark["apiVersion"]));
        Assert.Equal("true", (string?)bookmark["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Fact]
    public async Task An_event_is_encoded_once_for_all_its_watchers()
    {
        var (_, first) = await Watch($"{Api.ConfigMaps}?watch=true", Protobuf);
        var (_, second) = await Watch($"{Api.ConfigMaps}?watch=true", Protobuf);
        await _api.CreateConfigMap("a");
        Assert.True(first.Stream.TryTake(out var one) & second.Stream.TryTake(out var other));
        Assert.True(MemoryMarshal.TryGetArray(one.Object, out var bytes) & MemoryMarshal.TryGetArray(other.Object, out var same));
        Assert.Same(bytes.Array, same.Array);
    }

    [Fact]
    public async Task A_watch_has_no_YAML()
    {
        var refused = await _api.Get($"{Api.ConfigMaps}?watch=true", "application/yaml");
        Assert.Equal(406, refused.Code);
        Assert.Equal("only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch", refused.Message);
    }
}
