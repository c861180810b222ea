using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Upkeep;

public sealed class DeleteCollectionTests
{
    private readonly HeldStore _store = new();

    private async Task<Api> Filled(int count)
    {
        var api = await Api.StartAsync(_store);
        for (var i = 0; i < count; i++) await api.CreateConfigMap($"c-{i:D3}");
        return api;
    }

    [Fact]
    public async Task Several_deletions_are_under_way_at_once_but_not_all()
    {
        await using var api = await Filled(100);
        _store.Holds = true;
        var deletion = api.Delete(Api.ConfigMaps);
        Assert.InRange(_store.Held, 2, 50);
        var most = _store.Held;
        while (!deletion.IsCompleted)
        {
            Assert.InRange(_store.Held, 1, most);
            await _store.ReleaseAsync();
        }
        var answer = await deletion;
        Assert.Equal(200, answer.Code);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"c-{i:D3}"), JsonNode.Parse(answer.Text)!["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!));
        Assert.Empty(api.Server.Cache.Resource("configmaps").Current.Objects.From(""));
    }

    [Fact]
    public async Task The_first_failure_is_told_and_no_further_deletion_begins()
    {
        await using var api = await Filled(100);
        _store.Broken = "/c-010";
        var answer = await api.Delete(Api.ConfigMaps);
        Assert.Equal(503, answer.Code);
        Assert.Contains("c-010", answer.Text, StringComparison.Ordinal);
        Assert.Equal("c-010", api.Server.Cache.Resource("configmaps").Current.Objects.From("").First().Name);
        Assert.True(api.Server.Cache.Resource("configmaps").Current.Objects.Count > 50);
    }

    [Fact]
    public async Task Of_several_failures_the_first_objects_is_told()
    {
        await using var api = await Filled(3);
        _store.Holds = true;
        _store.Broken = "";
        var deletion = api.Delete(Api.ConfigMaps);
        while (_store.Held > 0) await _store.ReleaseAsync();
        Assert.Contains("c-000", (await deletion).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_deleted_meanwhile_is_no_failure()
    {
        await using var api = await Filled(3);
        _store.Holds = true;
        var deletion = api.Delete(Api.ConfigMaps);
        var other = api.Delete($"{Api.ConfigMaps}/c-001");
        while (_store.Held > 0) await _store.ReleaseAsync();
        Assert.Equal(200, (await deletion).Code);
        Assert.Equal(404, (await other).Code);
        Assert.Empty(api.Server.Cache.Resource("configmaps").Current.Objects.From(""));
    }

    [Fact]
    public async Task An_empty_collection_is_deleted_to_an_empty_list()
    {
        await using var api = await Filled(0);
        var answer = await api.Delete(Api.ConfigMaps);
        Assert.Equal(200, answer.Code);
        Assert.Empty(JsonNode.Parse(answer.Text)!["items"]!.AsArray());
    }
}
