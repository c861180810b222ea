using System.Text.Json.Nodes;
using Coracle.Commands.Cluster;
using Coracle.Sdk;

namespace Coracle.Cli.Tests;

/// <summary>Failures, files, durations and selectors: what commands read and say.</summary>
public sealed class WordsTests
{
    private static ApiException Refused(string reason, string message, params IReadOnlyList<ApiCause> causes) =>
        new(new() { Reason = reason, Message = message, Kind = causes.Count > 0 ? "Pod" : "", Name = causes.Count > 0 ? "p" : "", Causes = causes });

    [Fact]
    public void A_refusal_is_told_with_its_reason() =>
        Assert.Equal("Error from server (NotFound): pods \"x\" not found", Failures.Tell(Refused("NotFound", "pods \"x\" not found")));

    [Fact]
    public void What_is_invalid_is_told_field_by_field_and_once()
    {
        var one = new ApiCause("FieldValueRequired", "Required value", "spec.a");
        Assert.Equal("The Pod \"p\" is invalid: spec.a: Required value\n", Failures.Tell(Refused("Invalid", "", one, one)));
        Assert.Equal("The Pod \"p\" is invalid: \n* spec.a: Required value\n* spec.b: Required value\n", Failures.Tell(Refused("Invalid", "", one, one with { Field = "spec.b" })));
        Assert.Equal("The request is invalid: patch is bad", Failures.Tell(Refused("Invalid", "patch is bad")));
    }

    [Fact]
    public void Several_failures_are_told_line_by_line() => Assert.Equal(
        "Error from server (NotFound): a\nerror: b\n", Failures.Tell(new CommandFailures([Refused("NotFound", "a"), new CommandException("b")])));

    [Fact]
    public void What_nobody_expected_is_not_hidden() => Assert.Null(Failures.Tell(new InvalidOperationException("a defect")));

    [Fact]
    public void A_file_holds_several_objects_and_lists_are_taken_apart() => Assert.Equal(["ConfigMap/a", "Secret/b", "Service/c"], Manifests.Parse("""
        # first
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        ---
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Secret, metadata: {name: b}}
        - {apiVersion: v1, kind: Service, metadata: {name: c}}
        ---
        """, "f.yaml").Select(m => $"{m.Kind}/{m.Name}"));

    [Theory]
    [InlineData("a: [", "error parsing f.yaml: ")]
    [InlineData("just text", "error parsing f.yaml: the document is no object")]
    [InlineData("apiVersion: v1", "error validating \"f.yaml\": error validating data: kind not set")]
    [InlineData("kind: Pod", "error validating \"f.yaml\": error validating data: apiVersion not set")]
    public void A_file_that_is_no_manifest_is_refused(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<CommandException>(() => Manifests.Parse(text, "f.yaml")).Message);

    [Theory]
    [InlineData("5s", 5.0)]
    [InlineData("1h30m", 5400.0)]
    [InlineData("1.5m", 90.0)]
    [InlineData("250ms", 0.25)]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("5x", null)]
    [InlineData("m", null)]
    public void Durations_are_read(string text, double? seconds) => Assert.Equal(seconds, Durations.Parse(text)?.TotalSeconds);

    [Theory]
    [InlineData("""{"spec":{"selector":{"app":"web","tier":"front"}}}""", "app=web,tier=front")]
    [InlineData("""{"spec":{"selector":{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"a","operator":"In","values":["b","c"]},{"key":"d","operator":"DoesNotExist"}]}}}""", "app=web,a in (b,c),!d")]
    [InlineData("""{"spec":{}}""", null)]
    public void The_pods_of_a_workload_are_those_of_its_selector(string owner, string? expected) => Assert.Equal(expected, PodChoice.Selector(JsonNode.Parse(owner)!.AsObject()));
}
