using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Endpoints;

/// <summary>/statusz and /flagz, for people and for programs.</summary>
public sealed class StatusPageTests
{
    [Fact]
    public async Task The_status_is_told_as_text_and_in_both_versions()
    {
        await using var api = await Api.StartAsync();
        var text = await api.Get("/statusz");
        Assert.Equal(200, text.Code);
        Assert.StartsWith("\napiserver statusz\nWarning: This endpoint is not meant to be machine parseable", text.Text, StringComparison.Ordinal);
        Assert.Contains("Paths: /flagz /healthz /livez /metrics /readyz /statusz /version", text.Text, StringComparison.Ordinal);
        var status = await api.Get("/statusz", "application/json;as=Statusz;v=v1beta1;g=config.k8s.io");
        Assert.Equal(("Statusz", "config.k8s.io/v1beta1", "1.36.0", "0"), (status.At("kind"), status.At("apiVersion"), status.At("binaryVersion"), status.At("uptimeSeconds")));
        Assert.Empty(status.Warnings);
        var old = await api.Get("/statusz", "application/json;as=Statusz;v=v1alpha1;g=config.k8s.io");
        Assert.Equal("config.k8s.io/v1alpha1", old.At("apiVersion"));
        Assert.Equal(["This version of the statusz endpoint is deprecated. Please use a newer version."], old.Warnings);
        Assert.Equal(406, (await api.Get("/statusz", "application/json")).Code);
    }

    [Fact]
    public async Task The_flags_are_told_as_text_and_as_an_object()
    {
        await using var api = await Api.StartAsync();
        Assert.EndsWith("\napi-port=6443\n", (await api.Get("/flagz")).Text, StringComparison.Ordinal);
        Assert.Equal("6443", (await api.Get("/flagz", "application/json;as=Flagz;v=v1beta1;g=config.k8s.io")).At("flags.api-port"));
        Assert.Contains("kind: Flagz", (await api.Get("/flagz", "application/yaml;as=Flagz;v=v1beta1;g=config.k8s.io")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_may_read_them_without_the_right_to()
    {
        await using var api = await Api.StartAsync();
        Assert.Equal(403, (await api.Send("GET", "/flagz", null, new How { Token = "ann" })).Code);
        Assert.Equal(404, (await api.Get("/logs/")).Code);
        Assert.Equal(404, (await api.Get("/configz")).Code);
    }
}
