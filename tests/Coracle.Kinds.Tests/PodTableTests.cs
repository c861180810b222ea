using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>One row of `kubectl get pods` for every state that upstream's printer tells apart.</summary>
public sealed class PodTableTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private const string Running = """{"name":"main","ready":true,"state":{"running":{"startedAt":"2030-01-01T11:00:00Z"}}}""";

    public static TheoryData<string, string, string> States => new()
    {
        // Phase and reason alone.
        { "0/1 Pending 0", """{"phase":"Pending"}""", """{"containers":[{"name":"main"}]}""" },
        { "0/1 Evicted 0", """{"phase":"Failed","reason":"Evicted"}""", """{"containers":[{"name":"main"}]}""" },
        { "0/1 SchedulingGated 0", """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}""", """{"containers":[{"name":"main"}]}""" },

        // Containers.
        { "1/1 Running 0", """{"phase":"Running","containerStatuses":[RUNNING]}""", """{"containers":[{"name":"main"}]}""" },
        { "0/1 ContainerCreating 0", """{"phase":"Pending","containerStatuses":[{"name":"main","state":{"waiting":{"reason":"ContainerCreating"}}}]}""", """{"containers":[{"name":"main"}]}""" },
        { "0/1 ImagePullBackOff 0", """{"phase":"Pending","containerStatuses":[{"name":"main","state":{"waiting":{"reason":"ImagePullBackOff"}}}]}""", """{"containers":[{"name":"main"}]}""" },
        {
            "0/1 CrashLoopBackOff 2 (5m ago)",
            """{"phase":"Running","containerStatuses":[{"name":"main","restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2030-01-01T11:55:00Z"}}}]}""",
            """{"containers":[{"name":"main"}]}"""
        },
        { "0/1 Completed 0", """{"phase":"Succeeded","containerStatuses":[{"name":"main","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]}""", """{"containers":[{"name":"main"}]}""" },
        { "0/1 Error 0", """{"phase":"Failed","containerStatuses":[{"name":"main","state":{"terminated":{"exitCode":1,"reason":"Error"}}}]}""", """{"containers":[{"name":"main"}]}""" },
        { "0/1 OOMKilled 3", """{"phase":"Running","containerStatuses":[{"name":"main","restartCount":3,"state":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}""", """{"containers":[{"name":"main"}]}""" },
        { "0/1 ExitCode:3 0", """{"phase":"Failed","containerStatuses":[{"name":"main","state":{"terminated":{"exitCode":3}}}]}""", """{"containers":[{"name":"main"}]}""" },
        { "0/1 Signal:9 0", """{"phase":"Failed","containerStatuses":[{"name":"main","state":{"terminated":{"exitCode":137,"signal":9}}}]}""", """{"containers":[{"name":"main"}]}""" },
        {
            // The first container's trouble is told, not the last one's.
            "1/3 ErrImagePull 0",
            """{"phase":"Running","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ErrImagePull"}}},{"name":"b","state":{"terminated":{"reason":"Error"}}},RUNNING]}""",
            """{"containers":[{"name":"a"},{"name":"b"},{"name":"main"}]}"""
        },
        {
            "1/2 NotReady 0",
            """{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed"}}},RUNNING]}""",
            """{"containers":[{"name":"a"},{"name":"main"}]}"""
        },
        {
            "1/2 Running 0",
            """{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed"}}},RUNNING]}""",
            """{"containers":[{"name":"a"},{"name":"main"}]}"""
        },

        // Init containers.
        { "0/1 Init:0/1 0", """{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"running":{}}}]}""", """{"containers":[{"name":"main"}],"initContainers":[{"name":"i"}]}""" },
        {
            "0/1 Init:1/2 0",
            """{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"waiting":{"reason":"PodInitializing"}}}],"containerStatuses":[{"name":"main","state":{"waiting":{"reason":"PodInitializing"}}}]}""",
            """{"containers":[{"name":"main"}],"initContainers":[{"name":"i"},{"name":"j"}]}"""
        },
        { "0/1 Init:Error 0", """{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":1,"reason":"Error"}}}]}""", """{"containers":[{"name":"main"}],"initContainers":[{"name":"i"}]}""" },
        { "0/1 Init:ExitCode:4 0", """{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":4}}}]}""", """{"containers":[{"name":"main"}],"initContainers":[{"name":"i"}]}""" },
        {
            "0/1 Init:CrashLoopBackOff 3 (10s ago)",
            """{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"finishedAt":"2030-01-01T11:59:50Z"}}}]}""",
            """{"containers":[{"name":"main"}],"initContainers":[{"name":"i"}]}"""
        },
        {
            // Restarts of init containers are forgotten once the pod is initialized.
            "1/1 Running 1 (60m ago)",
            """{"phase":"Running","initContainerStatuses":[{"name":"i","restartCount":7,"state":{"terminated":{"exitCode":0}}}],"containerStatuses":[{"name":"main","ready":true,"restartCount":1,"state":{"running":{}},"lastState":{"terminated":{"finishedAt":"2030-01-01T11:00:00Z"}}}]}""",
            """{"containers":[{"name":"main"}],"initContainers":[{"name":"i"}]}"""
        },
        {
            // A sidecar counts among the containers, and its restarts count.
            "2/2 Running 4",
            """{"phase":"Running","initContainerStatuses":[{"name":"s","started":true,"ready":true,"restartCount":4,"state":{"running":{}}}],"containerStatuses":[RUNNING]}""",
            """{"containers":[{"name":"main"}],"initContainers":[{"name":"s","restartPolicy":"Always"}]}"""
        },
        {
            "0/2 Init:0/1 0",
            """{"phase":"Pending","initContainerStatuses":[{"name":"s","started":false,"state":{"running":{}}}]}""",
            """{"containers":[{"name":"main"}],"initContainers":[{"name":"s","restartPolicy":"Always"}]}"""
        },
    };

    [Theory, MemberData(nameof(States))]
    public void A_pods_state_is_told_in_upstreams_words(string expected, string status, string spec) =>
        Assert.Equal(expected, Shown(Pod("", status, spec)));

    [Theory]
    [InlineData("Running", "", "Terminating")]
    [InlineData("Pending", "", "Terminating")]
    [InlineData("Succeeded", "", "Succeeded")]
    [InlineData("Failed", "", "Failed")]
    [InlineData("Running", "NodeLost", "Unknown")]
    public void A_pod_being_deleted_is_terminating_until_it_has_ended(string phase, string reason, string expected)
    {
        var pod = Pod("""
            "deletionTimestamp":"2030-01-01T11:59:00Z",
            """, $$"""{"phase":"{{phase}}","reason":"{{reason}}"}""", """{"containers":[{"name":"main"}]}""");
        Assert.Equal($"0/1 {expected} 0", Shown(pod));
    }

    [Fact]
    public void Wide_columns_show_addresses_nodes_and_readiness_gates()
    {
        var pod = Pod("", """
            {"phase":"Running","podIP":"10.0.0.7","nominatedNodeName":"n2","conditions":[{"type":"a","status":"True"},{"type":"b","status":"False"}]}
            """, """{"nodeName":"n1","readinessGates":[{"conditionType":"a"},{"conditionType":"b"},{"conditionType":"c"}]}""");
        Assert.Equal(["p", "0/0", "Running", "0", "2m", "10.0.0.7", "n1", "n2", "1/3"], new PodRules().Cells(pod, Now));
        Assert.Equal(["p", "0/0", "", "0", "2m", "<none>", "<none>", "<none>", "<none>"], new PodRules().Cells(Pod("", "{}", "{}"), Now));
    }

    private static string Shown(Pod pod) => string.Join(' ', new PodRules().Cells(pod, Now).Skip(1).Take(3));

    private static Pod Pod(string metadata, string status, string spec) => ApiJson.Parse<Pod>(Encoding.UTF8.GetBytes(
        $$"""{"metadata":{ {{metadata}} "name":"p","creationTimestamp":"2030-01-01T11:58:00Z"},"spec":{{spec}},"status":{{status.Replace("RUNNING", Running)}} }"""));
}
