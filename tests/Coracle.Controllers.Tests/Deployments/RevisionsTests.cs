using Coracle.Controllers.Deployments;
using Coracle.Kinds.Apps.V1;

namespace Coracle.Controllers.Tests.Deployments;

public sealed class RevisionsTests
{
    private static Deployment Caused(string cause) => new()
    {
        Metadata = new() { Annotations = new() { ["kubernetes.io/change-cause"] = cause, ["kubectl.kubernetes.io/last-applied-configuration"] = "{}", [Revisions.Revision] = "9" } },
    };

    private static ReplicaSet Marked(string? revision, string? history = null)
    {
        var set = Sets.Of("web", 1);
        set.Metadata.Annotations = [];
        if (revision is not null) set.Metadata.Annotations[Revisions.Revision] = revision;
        if (history is not null) set.Metadata.Annotations[Revisions.History] = history;
        return set;
    }

    [Theory]
    [InlineData(null, null, 1, "1", null, true)]
    [InlineData("1", null, 3, "3", "1", true)]
    [InlineData("3", "1", 5, "5", "1,3", true)]
    [InlineData("5", "1,3", 5, "5", "1,3", false)]
    [InlineData("5", null, 2, "5", null, false)]
    [InlineData("nine", null, 2, "nine", null, false)]
    public void A_set_moves_up_in_the_history_and_remembers_where_it_was(string? was, string? history, long to, string now, string? remembered, bool changed)
    {
        var set = Marked(was, history);
        Assert.Equal(changed, Revisions.Mark(set, new Deployment(), to));
        Assert.Equal((now, remembered), (set.Metadata.Annotations![Revisions.Revision], set.Metadata.Annotations.GetValueOrDefault(Revisions.History)));
    }

    [Fact]
    public void Annotations_are_passed_on_but_for_kubectls_and_the_history_itself()
    {
        var set = Marked("1");
        Assert.True(Revisions.Mark(set, Caused("because"), 1));
        Assert.Equal(new Dictionary<string, string> { ["kubernetes.io/change-cause"] = "because", [Revisions.Revision] = "1" }, set.Metadata.Annotations);
        Assert.False(Revisions.Mark(set, Caused("because"), 1));
    }

    [Fact]
    public void The_memory_of_a_set_has_an_end_and_loses_the_oldest_first()
    {
        var set = Marked("1000", string.Join(',', Enumerable.Range(100, 500)));
        Revisions.Mark(set, new Deployment(), 1001);
        var history = set.Metadata.Annotations![Revisions.History];
        Assert.InRange(history.Length, 1990, 2000);
        Assert.EndsWith(",599,1000", history, StringComparison.Ordinal);
    }
}
