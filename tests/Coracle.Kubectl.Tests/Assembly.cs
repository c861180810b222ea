using Coracle.Kubectl.Tests;

[assembly: AssemblyFixture(typeof(SimulatedCluster))]
